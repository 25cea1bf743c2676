import { Checkbox } from '../ui/checkbox.tsx'
import type { AlertChannels } from './answers.ts'

/** Which alerts a place gets. */
export function ChooseKinds({ kinds, chosen, legend }: ChooseKindsProps) {
  return (
    <fieldset className="grid gap-2">
      <legend className="pb-1 text-s text-ink-2">{legend}</legend>
      <div className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
        {kinds.map(({ kind, name }) => (
          <Checkbox key={kind} name={`cause-${kind}`} label={name} isChecked={chosen.includes(kind)} />
        ))}
      </div>
    </fieldset>
  )
}

type ChooseKindsProps = {
  kinds: AlertChannels['kinds']
  chosen: readonly string[]
  legend: string
}
