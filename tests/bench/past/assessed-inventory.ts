import { sql } from 'drizzle-orm'
import { evidence } from '../../../db/schema/ledger.ts'
import { attachEvidence } from '../../../server/assessments/attach-evidence.ts'
import { openAssessment, submitAssessment } from '../../../server/assessments/manage-assessments.ts'
import { attachmentsOf } from '../../../server/assessments/visible-assessments.ts'
import { canonicalText, sha256, sha256Hex } from '../../../server/ledger/canonical.ts'
import { evidenceStream, newId } from '../../../server/ledger/ids.ts'
import type { Unit } from '../../../server/ledger/ledger.ts'
import type { Access } from '../../../server/members/resolve-access.ts'
import type { Services } from '../../../server/services.ts'
import type { JumpingClock } from '../../support/entra.ts'
import { openOrganization } from '../../support/ledger.ts'

const hour = 3_600_000
const day = 24 * hour

/** An assessment that waits for its approval, with one inventory attached. */
export interface AssessedInventory {
  /** Who opened and submitted it; not who approves it. */
  access: Access
  assessmentId: string
  name: string
  attachmentId: string
}

/** A directory of so many accounts, each an item with content of its own, and an assessment of it that was submitted. */
export async function assessedInventory(
  services: Pick<Services, 'ledger' | 'connectors'> & { clock: JumpingClock },
  accounts: number,
): Promise<AssessedInventory> {
  const { ledger, clock } = services
  const organizationId = await openOrganization(ledger, { simulated: true })
  const evidenceId = newId()
  const [connectionId, sourceId] = [newId(), newId()]
  await ledger.command(organizationId, 'system:bench', async unit => {
    await connect(unit, { connectionId, sourceId })
    await attachInventory(unit, { connectionId, sourceId, evidenceId, accounts })
  })
  const access: Access = {
    organizationId,
    slug: 'bench',
    name: 'Bench',
    simulated: true,
    userId: newId(),
    role: 'compliance_lead',
    isSecondFactorRequired: false,
    deletesAt: null,
    grant: null,
  }
  const name = 'The first days'
  const from = new Date(Math.floor(clock.now().getTime() / day) * day)
  const period = { from, to: new Date(from.getTime() + 2 * day - 1) }
  clock.jump(hour)
  const { assessmentId } = await openAssessment(services, access, { name, period, controls: ['AC-02'] })
  await attachEvidence(services, access, { assessmentId, evidenceId, instant: null })
  clock.jump(2 * day)
  await submitAssessment(services, access, assessmentId)
  const [attachment] = await ledger.query(organizationId, { kind: 'now' }, (transaction, { position }) =>
    attachmentsOf(transaction, organizationId, position, assessmentId),
  )
  return { access, assessmentId, name, attachmentId: attachment?.attachmentId ?? '' }
}

interface Place {
  connectionId: string
  sourceId: string
}

async function connect({ append }: Unit, { connectionId, sourceId }: Place) {
  await append({ type: 'connection', id: connectionId }, 0, [
    {
      type: 'ConnectionConnected',
      payload: {
        connectionId,
        sourceId,
        connector: 'entra',
        externalTenantId: newId(),
        clientId: newId(),
        cloud: 'global',
        secretExpiresOn: '2030-09-01',
        grantedScopes: ['User.Read.All'],
        missingScopes: [],
        excessScopes: [],
        authorizedBy: newId(),
      },
    },
  ])
}

async function attachInventory(
  { organizationId, transaction, now, append }: Unit,
  { connectionId, sourceId, evidenceId, accounts }: Place & { evidenceId: string; accounts: number },
) {
  const kind = 'user_inventory'
  const of = { connectionId, sourceId, kind, mode: 'state', runId: newId() } as const
  const fingerprint = sha256(evidenceId)
  const provenance = canonicalText({ normaliserVersion: 1 })
  const payload = {
    ...of,
    evidenceId,
    fingerprint: fingerprint.toString('hex'),
    itemCount: accounts,
    collectedFrom: now.toISOString(),
    collectedTo: now.toISOString(),
    changes: { joined: accounts, changed: 0, left: 0 },
    window: null,
    cause: 'source' as const,
    normaliserVersion: 1,
    summary: { items: accounts },
    provenanceSha256: sha256Hex(provenance),
    controls: [],
  }
  const stream = { type: 'evidence', id: evidenceStream(sourceId, kind) } as const
  await append(stream, 0, [{ type: 'EvidenceAttached', payload }], async ([recorded]) => {
    await transaction.insert(evidence).values({
      ...of,
      organizationId,
      id: evidenceId,
      position: recorded?.position ?? 0,
      fingerprint,
      itemCount: accounts,
      collectedFrom: now,
      collectedTo: now,
      summary: canonicalText(payload.summary),
      provenance,
    })
    await transaction.execute(sql`
      with account as materialized (
        select md5(number::text)::uuid as subject, ${bodyOf(sql`number`)} as body
          from generate_series(1, ${accounts}) as number),
      named as materialized (select subject, body, sha256(convert_to(body, 'UTF8')) as hash from account),
      items as (insert into ledger.item (organization_id, hash) select ${organizationId}::uuid, hash from named),
      bodies as (
        insert into ledger.item_body (organization_id, hash, body)
        select ${organizationId}::uuid, hash, body from named)
      insert into ledger.evidence_delta (organization_id, evidence_id, subject_key, item_hash)
      select ${organizationId}::uuid, ${evidenceId}::uuid, subject, hash from named`)
  })
}

/** The canonical text of one account, every hundredth of them disabled. */
const bodyOf = (number: ReturnType<typeof sql>) => sql`
  format('{"accountEnabled":%s,"createdDateTime":"2024-05-01T08:00:00Z","creationType":null,"displayName":"Person %s",'
      || '"employeeHireDate":null,"externalUserState":null,"id":"%s","mail":"person%s@harbour.example",'
      || '"onPremisesSyncEnabled":null,"plans":["P1"],"userPrincipalName":"person%s@harbour.example","userType":"Member"}',
    (${number} % 100 <> 0)::text, ${number}, md5(${number}::text)::uuid, ${number}, ${number})`
