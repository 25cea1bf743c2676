import { Form, useActionData } from '@remix-run/react'
import { type ReactNode, useState } from 'react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { SubmitButton } from './button.tsx'
import { TextField } from './text-field.tsx'

/**
 * A dangerous step behind a typed word. Sends `confirmation` and `intent`; the browser holds back anything but `word`
 * by itself, and the server has to compare again.
 */
export function ConfirmForm({
  word,
  intent,
  submitLabel,
  action,
  error,
  hidden = {},
  children,
}: ConfirmFormProps) {
  const [typed, setTyped] = useState(useTypedBefore(intent, hidden))
  return (
    <Form method="post" {...(action === undefined ? {} : { action })} className="space-y-4">
      {children !== undefined ? <div className="space-y-2 text-s text-ink-2">{children}</div> : null}
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <TextField
        name="confirmation"
        label={
          <>
            Type <code className="rounded-s bg-sunken px-1 font-mono text-fail">{word}</code> to confirm
          </>
        }
        error={error}
        required
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        pattern={escapePattern(word)}
        title={`Type exactly: ${word}`}
        value={typed}
        onChange={event => setTyped(event.currentTarget.value)}
      />
      <SubmitButton variant="danger" intent={intent}>
        {submitLabel}
      </SubmitButton>
    </Form>
  )
}

/** What was typed when the same form was refused; without scripts it would be gone. */
function useTypedBefore(intent: string, hidden: Record<string, string>): string {
  const values = useActionData<Partial<FormRefusal>>()?.values
  const isSame =
    values?.intent === intent && Object.entries(hidden).every(([name, value]) => values[name] === value)
  return isSame ? (values.confirmation ?? '') : ''
}

export type ConfirmFormProps = {
  word: string
  intent: string
  submitLabel: ReactNode
  action?: string
  error?: string | string[] | null | undefined
  hidden?: Record<string, string>
  /** Says exactly what is destroyed and what is kept. */
  children?: ReactNode
}

/** For `pattern`, which is read with the `v` flag: there a hyphen outside of a class bears no backslash. */
function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
