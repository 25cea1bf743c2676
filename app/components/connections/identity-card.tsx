import { Time } from '../time/time.tsx'
import { Card } from '../ui/card.tsx'
import { Code, Fingerprint } from '../ui/code.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import type { ConnectionPage } from './answers.ts'

/** Which directory this is, and on whose authority it is read. */
export function IdentityCard({ page }: { page: ConnectionPage }) {
  const { connection, connectedBy, authorizedBy } = page
  return (
    <Card title="Directory">
      <DescriptionList
        items={[
          {
            name: 'Directory (tenant) ID',
            value: <Code value={connection.externalTenantId} copyLabel="Copy directory ID" />,
          },
          {
            name: 'Application (client) ID',
            value: <Code value={connection.clientId} copyLabel="Copy application ID" />,
          },
          { name: 'Cloud', value: connection.cloudName },
          {
            name: 'Signed in as',
            value: authorizedBy.login ?? (
              <Fingerprint value={authorizedBy.objectId} label="Copy the account’s object ID" />
            ),
          },
          { name: 'Authorized', value: <Time value={connection.authorizedAt} /> },
          {
            name: 'Connected',
            value: (
              <>
                <Time value={connection.connectedAt} />
                {connectedBy ? ` by ${connectedBy}` : ''}
              </>
            ),
          },
        ]}
      />
    </Card>
  )
}
