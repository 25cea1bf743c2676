import { Form, useLocation } from '@remix-run/react'
import { formatDateTimeInput } from '../../lib/format.ts'
import { type ButtonVariant, SubmitButton } from '../ui/button.tsx'
import { CONTROL_CLASS } from '../ui/field.tsx'

/** Asks for an exact instant and goes there. A GET form, so that it works without JavaScript; the rest of the query stays. */
export function InstantForm({ id, instant, latest, variant = 'secondary' }: InstantFormProps) {
  const { pathname, search } = useLocation()
  const others = [...new URLSearchParams(search)].filter(([name]) => name !== 'asOf' && name !== 'cursor')
  return (
    <Form method="get" action={pathname} className="flex flex-wrap items-end gap-2">
      {others.map(([name, value]) => (
        <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
      ))}
      <label htmlFor={id} className="grid gap-1 text-xs font-semibold text-ink-2">
        Exact instant, in UTC
        <input
          id={id}
          type="datetime-local"
          name="asOf"
          required
          defaultValue={formatDateTimeInput(instant)}
          max={latest ? formatDateTimeInput(latest) : undefined}
          className={`${CONTROL_CLASS} py-1! font-normal`}
        />
      </label>
      <SubmitButton variant={variant}>Go there</SubmitButton>
    </Form>
  )
}

export type InstantFormProps = { id: string; instant: Date; latest?: Date; variant?: ButtonVariant }
