import { formatNumber } from '../../lib/format.ts'
import { Time } from '../time/time.tsx'
import type { ListedExport } from './answers.ts'

/** What an export covers. */
export function ScopeWords({ period, upTo }: Pick<ListedExport, 'period' | 'upTo'>) {
  return (
    <span>
      {period ? (
        <>
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
