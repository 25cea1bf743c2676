import { Form, useLocation } from '@remix-run/react'
import { formatDateTimeInput } from '../../lib/format.ts'
import { type ButtonVariant, SubmitButton } from '../ui/button.tsx'
import { CONTROL_CLASS } from '../ui/field.tsx'

/**
 * Asks for an exact instant or a ledger position and goes there. GET forms, so that they work without JavaScript; the rest
 * of the query stays.
 */
export function InstantForm({ id, instant, position, latest, variant = 'secondary' }: InstantFormProps) {
  const { pathname, search } = useLocation()
  const others = [...new URLSearchParams(search)].filter(([name]) => name !== 'asOf' && name !== 'cursor')
  const kept = others.map(([name, value]) => (
    <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
  ))
  return (
    <div className="flex flex-wrap gap-x-6 gap-y-3">
      <Form method="get" action={pathname} className="flex flex-wrap items-end gap-2">
        {kept}
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
      <Form method="get" action={pathname} className="flex flex-wrap items-end gap-2">
        {kept}
        <label htmlFor={`${id}-position`} className="grid gap-1 text-xs font-semibold text-ink-2">
          Or a position in the ledger
          <input
            id={`${id}-position`}
            type="text"
            inputMode="numeric"
            name="asOf"
            required
            pattern="[0-9]{1,15}"
            title="A whole number, such as 1204"
            autoComplete="off"
            defaultValue={position === undefined ? undefined : String(position)}
            className={`${CONTROL_CLASS} w-36 py-1! font-normal`}
          />
        </label>
        <SubmitButton variant={variant}>Go there</SubmitButton>
      </Form>
    </div>
  )
}

export type InstantFormProps = {
  id: string
  instant: Date
  position?: number | bigint
  latest?: Date
  variant?: ButtonVariant
}
