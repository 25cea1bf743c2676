import { Form } from '@remix-run/react'
import { type ReactNode, useState } from 'react'
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
  const [typed, setTyped] = useState('')
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

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
