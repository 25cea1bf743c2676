import Download from 'lucide-react/icons/download'
import { useWithAsOf } from '../../lib/as-of.ts'
import { formatCount, formatNumber } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { useReloadWhenDue } from '../../lib/reload.ts'
import { Time } from '../time/time.tsx'
import { Badge } from '../ui/badge.tsx'
import { buttonClassName } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CodeBlock } from '../ui/code.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import type { CheckpointsData } from './answers.ts'

/** The checkpoint that covers most, and how somebody keeps it. */
export function NewestCheckpoint({
  newest,
  list,
}: {
  newest: CheckpointsData['checkpoints'][number] | null
  list: CheckpointsData
}) {
  const base = useBase()
  const keep = useWithAsOf()
  const uncovered = list.size - (newest?.size ?? 0)
  useReloadWhenDue(list.asOf.isNow && uncovered > 0 ? list.asOf.instant : null)
  if (!newest) {
    return (
      <Card id="newest" title="Newest checkpoint">
        <EmptyState title="No checkpoint yet">
          The first one is signed about a minute after the first event was recorded.
        </EmptyState>
      </Card>
    )
  }
  return (
    <Card id="newest" title="Newest checkpoint">
      <div className="grid gap-4 text-s">
        <DescriptionList
          items={[
            {
              name: 'Covers',
              value: (
                <span className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
                  {formatCount(newest.size, 'event')}, positions 0 to {formatNumber(newest.size - 1)}
                  {list.isSimulated ? <Badge tone="past">simulated clock</Badge> : null}
                </span>
              ),
            },
            { name: 'Signed', value: <Time value={newest.signedAt} /> },
            {
              name: 'Since then',
              value:
                uncovered > 0
                  ? `${formatCount(uncovered, 'event')} not covered yet: the next checkpoint comes within about a minute`
                  : 'nothing: every event is covered',
            },
          ]}
        />
        <CodeBlock value={newest.note} label="checkpoint" />
        <p className="text-ink-2">
          Keep it where nobody who runs this product can change it: download it, or send it to somebody. It
          holds hashes only, no name and no evidence. The newest one vouches for everything before it.
        </p>
        <a
          href={keep(`${base}/audit/checkpoints/${newest.size}`)}
          download
          className={`${buttonClassName()} justify-self-start`}
        >
          <Download aria-hidden />
          Download checkpoint
        </a>
      </div>
    </Card>
  )
}
