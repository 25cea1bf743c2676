import { Form } from '@remix-run/react'
import { useAsOf, useHrefWith } from '../../../lib/as-of.ts'
import { useNow } from '../../../lib/clock.ts'
import { formatDateTimeInput } from '../../../lib/format.ts'
import { buttonClassName, SubmitButton } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { CONTROL_CLASS, FieldError } from '../../ui/field.tsx'
import { PageLink } from '../../ui/page-link.tsx'
import type { ComparisonData, HeadData } from '../answers.ts'

const HOUR = 3_600_000
const LEAPS = [
  { label: 'An hour before', hours: 1 },
  { label: 'A day before', hours: 24 },
  { label: 'A week before', hours: 7 * 24 },
  { label: '30 days before', hours: 30 * 24 },
]

/** Chooses the moment to compare with; the other one is now, or the moment that the whole product is shown at. */
export function ChooseMoment({ head, against, refusal }: ChooseMomentProps) {
  const asOf = useAsOf()
  const now = useNow()
  const hrefWith = useHrefWith()
  const shown = asOf?.instant ?? now ?? head.newestAt
  const isReachable = ({ hours }: { hours: number }) =>
    shown.getTime() - hours * HOUR >= head.oldestAt.getTime()
  const suggested =
    against?.instant ?? new Date(Math.max(shown.getTime() - 24 * HOUR, head.oldestAt.getTime()))
  return (
    <Card id="moments" title={asOf ? 'Compare the moment being shown with' : 'Compare now with'}>
      <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
        <Form method="get" className="flex flex-wrap items-end gap-2">
          {asOf ? <input type="hidden" name="asOf" value={asOf.value} /> : null}
          <label htmlFor="against" className="grid gap-1 text-xs font-semibold text-ink-2">
            Instant, in UTC
            <input
              id="against"
              type="datetime-local"
              name="against"
              required
              defaultValue={formatDateTimeInput(suggested)}
              aria-invalid={refusal === null ? undefined : true}
              aria-describedby={refusal === null ? undefined : 'against-error'}
              className={`${CONTROL_CLASS} py-1! font-normal`}
            />
          </label>
          <SubmitButton>Compare</SubmitButton>
        </Form>
        <ul className="flex flex-wrap gap-1.5">
          {LEAPS.filter(isReachable).map(({ label, hours }) => (
            <li key={hours}>
              <PageLink
                to={hrefWith({ against: new Date(shown.getTime() - hours * HOUR).toISOString() })}
                className={buttonClassName({ size: 's' })}
              >
                {label}
              </PageLink>
            </li>
          ))}
          <li>
            <PageLink
              to={hrefWith({ against: String(head.oldestPosition) })}
              className={buttonClassName({ size: 's' })}
            >
              The beginning
            </PageLink>
          </li>
        </ul>
      </div>
      {refusal === null ? null : (
        <div className="pt-2">
          <FieldError id="against" error={refusal} />
        </div>
      )}
    </Card>
  )
}

type ChooseMomentProps = {
  head: HeadData
  against: ComparisonData['against'] | null
  refusal: string | null
}
