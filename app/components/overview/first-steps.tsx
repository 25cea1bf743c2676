import { useBase, useIsAllowed } from '../../lib/organization.ts'
import type { ListedConnector } from '../connections/answers.ts'
import { LinkButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Steps } from '../ui/steps.tsx'

/** Before anything is connected: what to do, and what happens then. */
export function FirstSteps({ isPast, connectors }: FirstStepsProps) {
  const base = useBase()
  const canConnect = useIsAllowed('connections:manage')
  if (isPast) {
    return (
      <Card>
        <EmptyState title="Nothing was connected then">
          Before the first connection nothing was known, so there is nothing to show as of this instant.
        </EmptyState>
      </Card>
    )
  }
  return (
    <Card id="first-steps" title="First steps">
      <div className="grid gap-6 md:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)]">
        <Steps
          items={[
            {
              title: 'Connect a directory',
              state: 'current',
              children: (
                <>
                  <p>
                    Register an app in your own directory, paste its ids, sign in. It takes about five
                    minutes, reads only, and can be ended from both sides at any time.
                  </p>
                  {canConnect ? null : <p>An owner or admin of the organization does this.</p>}
                  <p className="flex flex-wrap gap-2">
                    {connectors.map(({ id, name }) => (
                      <LinkButton
                        key={id}
                        to={`${base}/settings/integrations/${id}`}
                        variant={canConnect ? 'primary' : 'secondary'}
                      >
                        {canConnect ? `Connect ${name}` : `What ${name} is read for`}
                      </LinkButton>
                    ))}
                  </p>
                </>
              ),
            },
            {
              title: 'The first sync runs at once',
              children: <p>Accounts, second factors, sign-in rules and risky sign-ins, then every hour.</p>,
            },
            {
              title: 'Every control is judged',
              children: (
                <p>Each with what made its verdict. Invite your auditor when there is something to read.</p>
              ),
            },
          ]}
        />
        <div className="self-start rounded-m border border-line bg-sunken p-4 text-s text-ink-2">
          <p className="font-semibold text-ink">Why coverage is 0 % now</p>
          <p className="mt-1">
            What is not known never counts as a pass. The number rises with the first sync, and falls by
            itself where evidence stops coming.
          </p>
        </div>
      </div>
    </Card>
  )
}

type FirstStepsProps = { isPast: boolean; connectors: Pick<ListedConnector, 'id' | 'name'>[] }
