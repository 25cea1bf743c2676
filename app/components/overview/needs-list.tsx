import { useBase, useIsAllowed } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { StatusIcon } from '../ui/status-icon.tsx'
import type { OverviewData } from './overview.tsx'

type Need = OverviewData['needs'][number]

/** What a person has to look at, the most urgent first. */
export function NeedsList({ needs }: { needs: readonly Need[] }) {
  if (needs.length === 0) {
    return (
      <p className="flex items-center gap-2 text-s text-ink-2">
        <StatusIcon shape="check" className="text-pass" />
        Nothing needs you.
      </p>
    )
  }
  const [shown, rest] = [needs.slice(0, most), needs.slice(most)]
  return (
    <>
      <NeedItems needs={shown} />
      {rest.length > 0 ? (
        <details className="mt-3 text-s">
          <summary className="link cursor-pointer">{rest.length} more</summary>
          <div className="pt-3">
            <NeedItems needs={rest} />
          </div>
        </details>
      ) : null}
    </>
  )
}

const most = 5

function NeedItems({ needs }: { needs: readonly Need[] }) {
  return (
    <ol className="grid gap-3.5">
      {needs.map(need => (
        <li key={need.key} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2">
          <StatusIcon shape={LOOKS[need.tone].shape} className={`mt-0.5 ${LOOKS[need.tone].ink}`} />
          <div>
            <p className={`text-m leading-snug font-semibold break-words ${LOOKS[need.tone].ink}`}>
              <span className="sr-only">{LOOKS[need.tone].word}: </span>
              {need.title}
            </p>
            <p className="text-s break-words text-ink-2">
              <Words text={need.text} since={need.since} /> <Step step={need.step} />
            </p>
          </div>
        </li>
      ))}
    </ol>
  )
}

function Words({ text, since }: Pick<Need, 'text' | 'since'>) {
  const sentence = /[.)]$/.test(text) ? text : `${text}.`
  if (since === null) return <>{sentence}</>
  return (
    <>
      {text.length > longestClause ? `${sentence} Since` : `${text} since`} <Time value={since} />.
    </>
  )
}

const longestClause = 60

function Step({ step }: Pick<Need, 'step'>) {
  const base = useBase()
  const canReadEvidence = useIsAllowed('evidence:read')
  if (step === null || (step.to.startsWith('evidence/') && !canReadEvidence)) return null
  return (
    <AsOfLink to={`${base}/${step.to}`} className="link whitespace-nowrap">
      {step.label}
    </AsOfLink>
  )
}

const LOOKS = {
  fail: { shape: 'cross', ink: 'text-fail', word: 'Urgent' },
  stale: { shape: 'clock', ink: 'text-stale', word: 'Ageing' },
  unknown: { shape: 'question', ink: 'text-unknown', word: 'Not known' },
  notice: { shape: 'alert', ink: 'text-ink', word: 'Notice' },
} as const
