import type { EvidenceData } from './answers.ts'

type Items = EvidenceData['changed']['joined']

/** Who and what joined, changed or left, by name; of what changed, field by field. */
export function ChangedItemList({ items }: { items: Items }) {
  return (
    <ul className="divide-y divide-line">
      {items.map(item => (
        <li key={item.subjectKey} className="py-1.5">
          <span className="font-medium text-ink">{item.name ?? item.removed}</span>
          {item.login ? <span className="ms-2 break-all text-ink-2">{item.login}</span> : null}
          {item.fields.length > 0 ? (
            <ul className="grid gap-0.5 pt-1 text-xs text-ink-2">
              {item.fields.map(change => (
                <li key={change.field} className="break-words">
                  <code className="font-mono">{change.field}</code>:{' '}
                  <del className="text-fail">{change.before ?? 'absent'}</del> <span aria-hidden>→</span>{' '}
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
