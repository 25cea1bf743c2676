import { SelectField } from '../ui/select-field.tsx'

/** How often a subscriber gets the newest checkpoint at most. */
export function CadenceField({ id, current }: { id: string; current?: string | undefined }) {
  return (
    <SelectField
      id={id}
      name="cadence"
      label="How often"
      required
      options={[
        { value: 'daily', label: 'Once a day' },
        { value: 'hourly', label: 'Once an hour' },
      ]}
      defaultValue={current ?? 'daily'}
    />
  )
}

export const CADENCE_WORDS = { hourly: 'Once an hour', daily: 'Once a day' } as const
