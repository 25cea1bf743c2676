import { Form } from '@remix-run/react'
import { ROLE_NAMES } from '../../lib/roles.ts'
import { Time } from '../time/time.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { GrantWords } from './grant-words.tsx'
import type { ListedInvitation } from './member-list.ts'

/** Invitations that wait for an answer. Draws nothing when there are none. */
export function OpenInvitations({ invitations }: { invitations: readonly ListedInvitation[] }) {
  if (invitations.length === 0) return null
  return (
    <Card title="Open invitations" isFlush>
      <DataTable
        caption="Open invitations"
        rows={invitations}
        rowKey={invitation => invitation.id}
        columns={[
          { key: 'email', header: 'E-mail address', isRowHeader: true, cell: invitation => invitation.email },
          {
            key: 'role',
            header: 'Role',
            cell: invitation => (
              <div>
                <Badge>{ROLE_NAMES[invitation.role]}</Badge>
                <GrantWords grant={invitation.grant} />
              </div>
            ),
          },
          { key: 'by', header: 'Invited by', cell: invitation => invitation.invitedByName },
          {
            key: 'expires',
            header: 'Good until',
            cell: invitation =>
              invitation.isExpired ? (
                <Badge tone="stale">Expired</Badge>
              ) : (
                <Time value={invitation.expiresAt} />
              ),
          },
          {
            key: 'actions',
            header: 'Actions',
            isHeaderHidden: true,
            cell: invitation => (
              <Form method="post">
                <input type="hidden" name="invitationId" value={invitation.id} />
                <Button type="submit" size="s" name="intent" value="withdraw">
                  Withdraw<span className="sr-only"> the invitation of {invitation.email}</span>
                </Button>
              </Form>
            ),
          },
        ]}
      />
    </Card>
  )
}
