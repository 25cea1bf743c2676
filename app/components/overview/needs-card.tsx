import { useAsOf } from '../../lib/as-of.ts'
import { useHeld } from '../../lib/held.ts'
import { NewsLine } from '../live/news-line.tsx'
import { Card } from '../ui/card.tsx'
import { NeedsList } from './needs-list.tsx'
import type { OverviewData } from './overview.tsx'

/** What needs somebody; what is added or settled meanwhile waits until it is asked for, and pushes nothing away. */
export function NeedsCard({ needs }: Pick<OverviewData, 'needs'>) {
  const isPast = useAsOf() !== null
  const { shown, isBehind, catchUp } = useHeld(needs, keysOf)
  return (
    <Card id="needs" title={isPast ? 'Needed you then' : 'Needs you'}>
      <NeedsList needs={shown} />
      {isPast ? null : <NewsLine isBehind={isBehind} words="Show what changed" calm="" onShow={catchUp} />}
    </Card>
  )
}

const keysOf = (needs: OverviewData['needs']) => needs.map(need => need.key).join(' ')
