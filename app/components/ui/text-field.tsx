import type { InputHTMLAttributes } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { CONTROL_CLASS, Field, type FieldProps } from './field.tsx'

/** One line of text, an address, a password, a number, a code: whatever `type` and `autoComplete` say. */
export function TextField({
  label,
  hint,
  error,
  id,
  name,
  isLabelHidden,
  isMono,
  className,
  ...input
}: TextFieldProps) {
  return (
    <Field {...frame({ label, hint, error, id, name, isLabelHidden })} isOptional={isOptional(input)}>
      {control => (
        <input
          type="text"
          {...input}
          {...control}
          className={classNames(
            CONTROL_CLASS,
            isMono && 'font-mono text-s',
            input.readOnly && 'bg-sunken',
            className,
          )}
        />
      )}
    </Field>
  )
}

export type TextFieldProps = FieldProps &
  Omit<InputHTMLAttributes<HTMLInputElement>, keyof FieldProps> & { isMono?: boolean }

/** A day (`yyyy-mm-dd`) or, with `withTime`, an instant in UTC (`yyyy-mm-ddThh:mm`). Say the zone in the hint. */
export function DateField({ withTime = false, className, ...rest }: DateFieldProps) {
  return (
    <TextField
      {...rest}
      type={withTime ? 'datetime-local' : 'date'}
      className={classNames('sm:max-w-60', className)}
    />
  )
}

export type DateFieldProps = Omit<TextFieldProps, 'type'> & { withTime?: boolean }

function isOptional(control: {
  required?: boolean | undefined
  readOnly?: boolean | undefined
  type?: string | undefined
}) {
  return control.required === false && !control.readOnly && control.type !== 'search'
}

/** Leaves out what is absent: absent and undefined are different things here. */
function frame({ id, isLabelHidden, ...rest }: Loose): FieldProps {
  return { ...rest, ...(id === undefined ? {} : { id }), ...(isLabelHidden ? { isLabelHidden } : {}) }
}

type Loose = Omit<FieldProps, 'id' | 'isLabelHidden'> & {
  id: string | undefined
  isLabelHidden: boolean | undefined
}
