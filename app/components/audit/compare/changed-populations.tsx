import { formatNumber } from '../../../lib/format.ts'
import { useBase } from '../../../lib/organization.ts'
import { ChangedItemList } from '../../evidence/changed-item-list.tsx'
import { AsOfLink } from '../../time/as-of-link.tsx'
import { Card } from '../../ui/card.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import type { ComparisonData } from '../answers.ts'

type Population = ComparisonData['populations'][number]

/** Who and what joined, changed and left each population: people, policies, settings, risks. */
export function ChangedPopulations({ populations }: { populations: readonly Population[] }) {
  return (
    <Card id="populations" title="Populations">
      <ul className="divide-y divide-line">
        {populations.map(population => (
          <li
            key={`${population.sourceId} ${population.kind}`}
            className="grid gap-2 py-3 first:pt-0 last:pb-0"
          >
            <ChangedPopulation population={population} />
          </li>
        ))}
      </ul>
    </Card>
  )
}

function ChangedPopulation({ population }: { population: Population }) {
  const base = useBase()
  const { sourceId, source, kind, title, itemName, countBefore, countAfter } = population
  const groups = [
    { key: 'joined', title: 'Joined', ...population.joined },
    { key: 'changed', title: 'Changed', ...population.changed },
    { key: 'left', title: 'Left', ...population.left },
  ].filter(group => group.count > 0)
  return (
    <>
      <h3 className="flex flex-wrap items-baseline gap-x-3 text-s">
        <AsOfLink to={`${base}/evidence/kind/${kind}?source=${sourceId}`} className="link font-semibold">
          {title}
        </AsOfLink>
        <span className="text-ink-2">{source}</span>
        <span className="text-ink-2 tabular-nums">
          {countBefore === countAfter ? '' : `${formatNumber(countBefore)}, then `}
          {formatNumber(countAfter)} {itemName[countAfter === 1 ? 0 : 1]}
          {countBefore === countAfter ? ' at both' : ''}
        </span>
      </h3>
      {groups.map(group => (
        <Disclosure
          key={group.key}
          isOpen={group.count <= 10}
          summary={
            <>
              {group.title} <span className="text-ink-3 tabular-nums">{formatNumber(group.count)}</span>
            </>
          }
        >
          <ChangedItemList items={group.items} />
          {group.count > group.items.length ? (
            <p className="pt-2 text-xs text-ink-3">
              The first {formatNumber(group.items.length)} of {formatNumber(group.count)} by name.
            </p>
          ) : null}
        </Disclosure>
      ))}
    </>
  )
}
