import type { InputHTMLAttributes, ReactNode } from 'react'
import { controlAttributes, FieldError, type FieldProps } from './field.tsx'

/** Yes or no. Sends `value` (`on` unless told) when ticked, nothing when not. */
export function CheckboxField({ name, label, hint, error, id, isLabelHidden, ...input }: CheckboxFieldProps) {
  const control = controlAttributes({ name, label, hint, error, ...(id === undefined ? {} : { id }) })
  return (
    <div className="grid gap-1">
      <div className="flex gap-2.5">
        <input {...input} {...control} type="checkbox" className="mt-0.5 size-[18px] flex-none" />
        <div className="min-w-0">
          <label htmlFor={control.id} className={isLabelHidden ? 'sr-only' : 'text-s font-medium text-ink'}>
            {label}
          </label>
          {hint !== undefined ? (
            <p id={`${control.id}-hint`} className="text-xs text-ink-2">
              {hint}
            </p>
          ) : null}
        </div>
      </div>
      <FieldError id={control.id} error={error} />
    </div>
  )
}

export type CheckboxFieldProps = FieldProps &
  Omit<InputHTMLAttributes<HTMLInputElement>, keyof FieldProps | 'type'>

/** One of a few, all in sight, each with room for a word about what it means. */
export function RadioGroupField({
  name,
  label,
  hint,
  error,
  id,
  options,
  defaultValue,
  required,
}: RadioGroupFieldProps) {
  const control = controlAttributes({ name, label, hint, error, ...(id === undefined ? {} : { id }) })
  return (
    <fieldset
      id={control.id}
      aria-invalid={control['aria-invalid']}
      aria-describedby={control['aria-describedby']}
      className="grid gap-2"
    >
      <legend className="mb-1 text-s font-semibold text-ink">{label}</legend>
      {hint !== undefined ? (
        <p id={`${control.id}-hint`} className="text-xs text-ink-2">
          {hint}
        </p>
      ) : null}
      {options.map(option => (
        <label
          key={option.value}
          className="flex gap-2.5 rounded-s border border-line bg-surface px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft/50 has-disabled:opacity-60"
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            defaultChecked={option.value === defaultValue}
            disabled={option.isDisabled}
            required={required}
            className="mt-0.5 size-4 flex-none"
          />
          <span className="min-w-0">
            <span className="block text-s font-medium text-ink">{option.label}</span>
            {option.hint !== undefined ? (
              <span className="block text-xs text-ink-2">{option.hint}</span>
            ) : null}
          </span>
        </label>
      ))}
      <FieldError id={control.id} error={error} />
    </fieldset>
  )
}

export type RadioGroupFieldProps = FieldProps & {
  options: { value: string; label: ReactNode; hint?: ReactNode; isDisabled?: boolean }[]
  defaultValue?: string | undefined
  required?: boolean
}
