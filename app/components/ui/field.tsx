import type { ReactNode } from 'react'
import { classNames } from '../../lib/class-names.ts'

/** What every field takes. `error` is shown below it and read out with it; `hint` stays beside it. */
export type FieldProps = {
  name: string
  label: ReactNode
  hint?: ReactNode
  error?: string | string[] | null | undefined
  /** Defaults to `field-<name>`: FormError links to it. Set it where a name occurs twice on a page. */
  id?: string
  isLabelHidden?: boolean
}

/** Label, hint and error around a control. The control gets the ids that tie them together. */
export function Field({
  name,
  label,
  hint,
  error,
  id,
  isLabelHidden,
  isOptional,
  children,
}: FieldFrameProps) {
  const control = controlAttributes({ name, label, hint, error, ...(id === undefined ? {} : { id }) })
  return (
    <div className="grid gap-1">
      <label htmlFor={control.id} className={isLabelHidden ? 'sr-only' : 'text-s font-semibold text-ink'}>
        {label}
        {isOptional ? <span className="font-normal text-ink-3"> (optional)</span> : null}
      </label>
      {hint !== undefined ? (
        <p id={`${control.id}-hint`} className="text-xs text-ink-2">
          {hint}
        </p>
      ) : null}
      {children(control)}
      <FieldError id={control.id} error={error} />
    </div>
  )
}

type FieldFrameProps = FieldProps & {
  isOptional?: boolean
  children: (control: ControlAttributes) => ReactNode
}

export type ControlAttributes = {
  id: string
  name: string
  'aria-invalid': true | undefined
  'aria-describedby': string | undefined
}

/** The attributes that tie a control to its label, hint and error. */
export function controlAttributes({
  name,
  hint,
  error,
  id = `field-${name}`,
}: FieldProps): ControlAttributes {
  const describedBy = [hint !== undefined && `${id}-hint`, hasError(error) && `${id}-error`].filter(Boolean)
  return {
    id,
    name,
    'aria-invalid': hasError(error) || undefined,
    'aria-describedby': describedBy.length > 0 ? describedBy.join(' ') : undefined,
  }
}

export function FieldError({ id, error }: { id: string; error: FieldProps['error'] }) {
  if (!hasError(error)) return null
  return (
    <p id={`${id}-error`} className="text-s font-medium text-fail">
      {Array.isArray(error) ? error.join(' ') : error}
    </p>
  )
}

function hasError(error: FieldProps['error']): boolean {
  return Array.isArray(error) ? error.length > 0 : Boolean(error)
}

/** The look of text-like controls. 16px on phones: below that iOS zooms in on focus. */
export const CONTROL_CLASS = classNames(
  'w-full min-w-0 rounded-s border border-line-input bg-surface px-2.5 py-1.5 text-base sm:text-m text-ink',
  'hover:border-ink-3 aria-invalid:border-fail aria-invalid:outline-fail disabled:cursor-not-allowed disabled:bg-sunken disabled:text-ink-3',
)
