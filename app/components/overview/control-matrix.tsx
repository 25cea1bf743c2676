import { classNames } from '../../lib/class-names.ts'
import { useBase } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { statusLook } from '../ui/status.tsx'
import { StatusIcon } from '../ui/status-icon.tsx'
import { TONE_SOFT, TONE_TEXT } from '../ui/tone.ts'
import type { OverviewData } from './overview.tsx'

type Criterion = OverviewData['criteria'][number]

/** Every control once, beside the criterion it serves first. What does not pass stands out by ground and by words. */
export function ControlMatrix({ criteria }: { criteria: readonly Criterion[] }) {
  return (
    <dl className="divide-y divide-line">
      {criteria.map(({ criterion, name, controls }) => (
        <div
          key={criterion}
          className="grid gap-x-4 gap-y-1.5 py-2 first:pt-0 last:pb-0 sm:grid-cols-[11.5rem_minmax(0,1fr)]"
        >
          <dt className="flex items-baseline gap-2 py-1 text-s">
            <b className="font-semibold tabular-nums">{criterion}</b>
            <span className="text-ink-2">{name}</span>
          </dt>
          <dd>
            <ul className="flex flex-wrap gap-x-2 gap-y-1 *:min-w-0 max-sm:flex-col">
              {controls.map(control => (
                <li key={control.id}>
                  <ControlChip control={control} />
                </li>
              ))}
            </ul>
          </dd>
        </div>
      ))}
    </dl>
  )
}

function ControlChip({ control }: { control: Criterion['controls'][number] }) {
  const base = useBase()
  const { shape, tone, word } = statusLook(control.state)
  const isPassing = control.state === 'pass'
  const words = control.state === 'stale' || control.state === 'expired' ? word : control.words
  return (
    <AsOfLink
      to={`${base}/controls/${control.id}`}
      className={classNames(
        'inline-flex max-w-full items-center gap-2 rounded-s px-2 py-1 text-s hover:underline',
        isPassing || tone === 'none' ? 'text-ink' : TONE_SOFT[tone],
      )}
    >
      <StatusIcon shape={shape} className={TONE_TEXT[tone]} />
      <span className="min-w-0 text-ink">
        <b className="font-medium text-ink-2 tabular-nums">{control.id}</b>
        {` ${control.title}`}
        <em
          className={classNames(
            isPassing ? 'sr-only' : `ms-2 text-xs font-semibold not-italic ${TONE_TEXT[tone]}`,
          )}
        >
          {words}
        </em>
      </span>
    </AsOfLink>
  )
}
