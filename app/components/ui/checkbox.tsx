import type { ReactNode } from 'react'

/** One choice that is on or off: sent as `on` under its name, or not at all. */
export function Checkbox({ name, value, label, hint, isChecked = false }: CheckboxProps) {
  return (
    <label className="flex items-start gap-2 text-s text-ink">
      <input
        type="checkbox"
        name={name}
        {...(value === undefined ? {} : { value })}
        defaultChecked={isChecked}
        className="mt-0.5 size-4 flex-none"
      />
      <span className="min-w-0">
        {label}
        {hint === undefined ? null : <span className="block text-xs text-ink-2">{hint}</span>}
      </span>
    </label>
  )
}

export type CheckboxProps = {
  name: string
  value?: string
  label: ReactNode
  hint?: ReactNode
  isChecked?: boolean
}
