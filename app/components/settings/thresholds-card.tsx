import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { useBase } from '../../lib/organization.ts'
import type { SettingsData } from '../decisions/answers.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { TextField } from '../ui/text-field.tsx'

type Threshold = SettingsData['thresholds'][number]

/** The numbers that rules take, each with a form of its own: a change judges at once and counts from then on. */
export function ThresholdsCard({ thresholds, isSettable, refusal }: ThresholdsCardProps) {
  return (
    <Card id="thresholds" title="Thresholds">
      {thresholds.length === 0 ? (
        <EmptyState title="Nothing to set">
          The version of the control catalogue in force has no threshold. The newest one has.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {thresholds.map(threshold => (
            <li
              key={threshold.id}
              className="grid gap-x-6 gap-y-2 py-3 first:pt-0 last:pb-0 sm:grid-cols-[minmax(0,1fr)_auto]"
            >
              <Words threshold={threshold} />
              {isSettable ? (
                <ThresholdForm
                  threshold={threshold}
                  refusal={refusal?.values.thresholdId === threshold.id ? refusal : undefined}
                />
              ) : (
                <span className="text-m tabular-nums">
                  {threshold.value} {threshold.unit}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

type ThresholdsCardProps = {
  thresholds: readonly Threshold[]
  isSettable: boolean
  refusal: FormRefusal | undefined
}

function Words({ threshold }: { threshold: Threshold }) {
  const base = useBase()
  const { title, controlId, range, set, unit } = threshold
  return (
    <div className="grid content-start gap-0.5 text-s">
      <span className="font-medium">
        {title}{' '}
        <AsOfLink to={`${base}/controls/${controlId}`} className="link whitespace-nowrap tabular-nums">
          {controlId}
        </AsOfLink>
      </span>
      <span className="text-xs text-ink-2">
        {range}; the default is {threshold.default} {unit}.{' '}
        {set ? (
          <>
            Set by {set.byName}, <Time value={set.at} mode="date" />.
          </>
        ) : null}
      </span>
    </div>
  )
}

function ThresholdForm({
  threshold: { id, value, minimum, maximum, unit, title },
  refusal,
}: ThresholdFormProps) {
  return (
    <Form method="post" className="flex flex-wrap items-end gap-2">
      <input type="hidden" name="thresholdId" value={id} />
      <TextField
        id={`threshold-${id}`}
        name="value"
        label={title}
        isLabelHidden
        type="number"
        inputMode="numeric"
        required
        min={minimum}
        max={maximum}
        step={1}
        className="max-w-24 tabular-nums"
        key={value}
        defaultValue={refusal?.values.value ?? String(value)}
        error={refusal ? (refusal.fields.value ?? refusal.message) : undefined}
      />
      <span className="pb-1.5 text-s text-ink-2">{unit}</span>
      <SubmitButton intent="threshold" variant="secondary">
        Set
      </SubmitButton>
    </Form>
  )
}

type ThresholdFormProps = { threshold: Threshold; refusal: FormRefusal | undefined }
