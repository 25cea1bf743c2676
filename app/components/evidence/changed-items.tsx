import { formatNumber } from '../../lib/format.ts'
import { Disclosure } from '../ui/disclosure.tsx'
import type { EvidenceData } from './answers.ts'
import { ChangedItemList } from './changed-item-list.tsx'

/** Who and what an evidence row changed, by name; of what changed, field by field. */
export function ChangedItems({ evidence }: { evidence: EvidenceData }) {
  const { changed, changes, isFirst, mode } = evidence
  const groups = [
    {
      key: 'joined',
      title: mode === 'feed' ? 'New' : 'Joined',
      items: changed.joined,
      count: changes.joined,
    },
    { key: 'changed', title: 'Changed', items: changed.changed, count: changes.changed },
    { key: 'left', title: 'Left', items: changed.left, count: changes.left },
  ].filter(group => group.count > 0)
  if (groups.length === 0)
    return <p className="text-s text-ink-2">Nothing is new or different against what was held before.</p>
  return (
    <div className="grid gap-3">
      {isFirst ? (
        <p className="text-s text-ink-2">
          The first collection: everything in it is new to this organization.
        </p>
      ) : null}
      {groups.map(({ key, title, items, count }) => (
        <Disclosure
          key={key}
          isOpen={!isFirst}
          summary={
            <>
              {title} <span className="text-ink-3 tabular-nums">{formatNumber(count)}</span>
            </>
          }
        >
          <ChangedItemList items={items} />
          {count > items.length ? (
            <p className="pt-2 text-xs text-ink-3">
              {items.length === 0
                ? 'Who and what they are lies before your period.'
                : `The first ${formatNumber(items.length)} of ${formatNumber(count)} by name.`}
            </p>
          ) : null}
        </Disclosure>
      ))}
    </div>
  )
}
