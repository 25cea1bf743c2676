import { useBase, useIsAllowed } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Card } from '../ui/card.tsx'

/** What an organization decides and holds on pages of its own. */
export function ElsewhereCard() {
  const base = useBase()
  const canReadLedger = useIsAllowed('ledger:read')
  const places = [
    {
      to: `${base}/settings/organization/data`,
      title: 'Data',
      words: 'How long what was collected is kept, erasing a person, and deleting the organization.',
    },
    ...(canReadLedger
      ? [
          {
            to: `${base}/audit/checkpoints`,
            title: 'Keys and checkpoints',
            words: 'The keys that sign this organization’s log, and what was signed with each.',
          },
        ]
      : []),
  ]
  return (
    <Card id="elsewhere" title="On pages of their own">
      <ul className="grid gap-2 text-s">
        {places.map(({ to, title, words }) => (
          <li key={to}>
            <AsOfLink to={to} className="link font-medium">
              {title}
            </AsOfLink>
            <span className="block text-ink-2">{words}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
