import type { SelectHTMLAttributes } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { CONTROL_CLASS, Field, type FieldProps } from './field.tsx'

/** One of several. `placeholder` adds an empty first option. */
export function SelectField({ options, placeholder, className, ...props }: SelectFieldProps) {
  const { label, hint, error, id, name, isLabelHidden, ...select } = props
  return (
    <Field
      {...{ label, hint, error, name }}
      {...(id === undefined ? {} : { id })}
      {...(isLabelHidden ? { isLabelHidden } : {})}
    >
      {control => (
        <select {...select} {...control} className={classNames(CONTROL_CLASS, 'pe-8', className)}>
          {placeholder !== undefined ? <option value="">{placeholder}</option> : null}
          {options.map(option => (
            <option key={option.value} value={option.value} disabled={option.isDisabled}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

export type SelectFieldProps = FieldProps &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, keyof FieldProps | 'children'> & {
    options: { value: string; label: string; isDisabled?: boolean }[]
    placeholder?: string
  }
