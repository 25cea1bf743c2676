import { formatNumber } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import type { ListedExport } from './answers.ts'

/** What an export covers. */
export function ScopeWords({ period, assessmentId, upTo }: ScopeWordsProps) {
  return (
    <span>
      {period ? (
        <>
          {assessmentId ? <AssessmentLink assessmentId={assessmentId} /> : null}
          <Time value={period.from} /> to <Time value={period.to} />
        </>
      ) : (
        'The whole organization'
      )}
      <span className="block text-xs text-ink-3 tabular-nums">
        up to position {formatNumber(upTo.position)}
      </span>
    </span>
  )
}

type ScopeWordsProps = Pick<ListedExport, 'period' | 'assessmentId' | 'upTo'>

function AssessmentLink({ assessmentId }: { assessmentId: string }) {
  const base = useBase()
  return (
    <>
      <AsOfLink to={`${base}/assessments/${assessmentId}`} className="link">
        An assessment
      </AsOfLink>
      :{' '}
    </>
  )
}
