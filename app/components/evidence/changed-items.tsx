import { formatNumber } from '../../lib/format.ts'
import { Disclosure } from '../ui/disclosure.tsx'
import type { EvidenceData } from './answers.ts'

type Items = EvidenceData['changed']['joined']

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
          <ItemList items={items} />
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

function ItemList({ items }: { items: Items }) {
  return (
    <ul className="divide-y divide-line">
      {items.map(item => (
        <li key={item.subjectKey} className="py-1.5">
          <span className="font-medium text-ink">{item.name ?? 'Removed: its body was purged'}</span>
          {item.login ? <span className="ms-2 break-all text-ink-2">{item.login}</span> : null}
          {item.fields.length > 0 ? (
            <ul className="grid gap-0.5 pt-1 text-xs text-ink-2">
              {item.fields.map(change => (
                <li key={change.field} className="break-words">
                  <code className="font-mono">{change.field}</code>:{' '}
                  <del className="text-fail">{change.before ?? 'absent'}</del>{' '}
                  <ins className="text-pass no-underline">{change.after ?? 'absent'}</ins>
                </li>
              ))}
            </ul>
          ) : null}
        </li>
      ))}
    </ul>
  )
}
