import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { Database, type Transaction } from '../../db/client.ts'
import { chooseMail } from '../../server/alerts/choose-alerts.ts'
import { alertKinds } from '../../server/domain/alert/causes.ts'
import { createLedger } from '../../server/ledger/ledger.ts'
import { sealNow } from '../../server/ledger/seal-log.ts'
import { invite } from '../../server/members/invite-member.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import { resolveAccess } from '../../server/members/resolve-access.ts'
import { project } from '../../server/projections/project.ts'
import { cancelDeletion, requestDeletion } from '../../server/retention/ask-deletion.ts'
import { createPurgeLedger } from '../../server/retention/purge-ledger.ts'
import { purgeOrganization } from '../../server/retention/purge-organization.ts'
import type { Services } from '../../server/services.ts'
import { subscribeByMail } from '../../server/subscriptions/subscribe.ts'
import { verifyLedger } from '../../server/verification/verify-ledger.ts'
import { addWebhook } from '../../server/webhooks/manage-webhooks.ts'
import { makeArchive, ownerAccess } from '../support/archive.ts'
import { whereIs } from '../support/canary.ts'
import { rebuildWouldChange } from '../support/replay.ts'
import { connectedScene, type Scene, syncNow, useScene } from '../support/seed.ts'
import { recordStatement } from '../support/statements.ts'

const day = 86_400_000
const signal = new AbortController().signal
const scene = await useScene({ size: 6, riskySignInsPerDay: 1 })
const { services, clock } = scene
const marks = ['quirina', 'zebrowska']
scene.entra.tenant(scene.spec.tenantId).setUser(2, {
  displayName: 'Quirina Zebrowska',
  userPrincipalName: 'quirina@harbourstreet.example',
})

let invited = 0

/** An organization with everything that a deletion ends, up to an invitation that waits and a receiver of alerts. */
async function newOffice(): Promise<Scene> {
  const founded = await registerOrganization(services, {
    userId: scene.userId,
    name: 'Quay Street',
    simulated: true,
  })
  const office = {
    ...scene,
    ...founded,
    browser: { ...scene.browser, organizationId: founded.organizationId },
  }
  const connectionId = await connectedScene(office)
  expect(await syncNow(office, connectionId)).toBe('succeeded')
  await addWebhook(services, ownerAccess(office), {
    label: 'Archive',
    url: 'https://example.com/hook',
    format: 'standard',
  })
  await subscribeByMail(services, ownerAccess(office), 'daily')
  await chooseMail(services, ownerAccess(office), alertKinds)
  const mailbox = `quirina.${invited++}@zebrowska.example`
  for (const role of ['viewer', 'admin'] as const) {
    await invite(services, ownerAccess(office), {
      email: mailbox,
      role,
      grant: null,
      invitedByName: 'Ada Owner',
    })
  }
  await sealNow(services, founded.organizationId)
  await makeArchive(office, { kind: 'organization' })
  return office
}

const ask = (office: Scene, word = office.slug) => requestDeletion(services, ownerAccess(office), word)
const work = (office: Scene, by: Services = services) => purgeOrganization(by, office.organizationId, signal)
const access = ({ userId, slug }: Scene) => resolveAccess(services, { userId, slug })

async function expectGone({ organizationId, userId }: Scene) {
  expect(await whereIs(scene.db.adminUrl, marks)).toEqual([])
  const { database } = services
  expect(
    (await verifyLedger({ database, organizationId, signal, onProgress: () => undefined })).problems,
  ).toEqual([])
  expect(await rebuildWouldChange(services, organizationId)).toEqual({})
  await database.withOrganization(organizationId, async transaction => {
    for (const table of [
      'credential',
      'data_key',
      'webhook',
      'export_archive',
      'export_chunk',
      'sync_schedule',
    ]) {
      const rows = await transaction.execute(
        sql`select from ${sql.raw(`state.${table}`)} t where t.organization_id = ${organizationId}`,
      )
      expect({ table, rows: rows.length }).toEqual({ table, rows: 0 })
    }
    const events = await transaction.execute<{ type: string }>(
      sql`select e.event_type as type from ledger.events e where e.organization_id = ${organizationId} order by e.position`,
    )
    const count = (type: string) => events.filter(event => event.type === type).length
    const once = ['ConnectionRevoked', 'WebhookRemoved', 'CheckpointUnsubscribed', 'MemberRemoved']
    for (const type of [...once, 'OrganizationDeleted'])
      expect({ type, count: count(type) }).toEqual({ type, count: 1 })
    expect(count('InvitationWithdrawn')).toBe(count('MemberInvited'))
    expect(count('AlertChannelClosed')).toBe(count('AlertChannelOpened'))
    expect(count('ItemsPurged')).toBeGreaterThan(0)
  })
  const memberships = await database.withPerson(userId, transaction =>
    transaction.execute(
      sql`select from accounts.user_membership where user_id = ${userId} and organization_id = ${organizationId}`,
    ),
  )
  expect(memberships).toHaveLength(0)
}

test('a deletion is confirmed, waits, can be taken back until its day, and then leaves the log and no name', async () => {
  const office = await newOffice()
  await expect(ask(office, 'quay')).rejects.toMatchObject({
    fields: { confirmation: `Type ${office.slug}.` },
  })
  await ask(office)
  await expect(ask(office)).rejects.toMatchObject({ code: 'precondition_failed' })
  clock.jump(29 * day)
  await work(office)
  expect(await access(office)).toMatchObject({ role: 'owner' })
  await cancelDeletion(services, ownerAccess(office))
  await ask(office)
  clock.jump(30 * day)
  await expect(access(office)).rejects.toMatchObject({ code: 'not_found' })
  await expect(cancelDeletion(services, ownerAccess(office))).rejects.toMatchObject({
    code: 'precondition_failed',
  })
  await work(office)
  await expectGone(office)
  // Done once: the next daily purge finds nothing.
  expect(await work(office)).toEqual({ removed: 0, kept: 0 })
  const again = await registerOrganization(services, {
    userId: scene.userId,
    name: 'Quay Street',
    simulated: true,
  })
  expect(again.slug).not.toBe(office.slug)
})

/** What two connections of one process have in common: the transaction, counted over both, in which it dies. */
interface Life {
  left: number
  isOver: boolean
}

/** The database as a process sees it that dies in its n-th transaction, when all of it is done and nothing committed. */
class MortalDatabase extends Database {
  readonly #life: Life

  constructor(url: string, life: Life) {
    super(url, { onStatement: recordStatement, max: 2 })
    this.#life = life
  }

  override withOrganization<T>(id: string, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return super.withOrganization(id, transaction => this.#live(() => work(transaction)))
  }

  override withPerson<T>(id: string, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return super.withPerson(id, transaction => this.#live(() => work(transaction)))
  }

  async #live<T>(work: () => Promise<T>): Promise<T> {
    if (this.#life.isOver) throw new Error('the process is dead')
    const result = await work()
    this.#life.left -= 1
    if (this.#life.left === 0) this.#life.isOver = true
    if (this.#life.isOver) throw new Error('the process is dead')
    return result
  }
}

test('a deletion that dies in any of its transactions is gone on with', async () => {
  for (let nth = 1; ; nth++) {
    const office = await newOffice()
    await ask(office)
    clock.jump(31 * day)
    const life = { left: nth, isOver: false }
    const database = new MortalDatabase(scene.db.appUrl, life)
    const retention = new MortalDatabase(scene.db.url('retention'), life)
    const mortal: Services = {
      ...services,
      database,
      ledger: createLedger({ database, clock, project }),
      purgeLedger: createPurgeLedger(retention, clock),
    }
    const ended = await work(office, mortal).catch(() => 'died')
    await Promise.all([database.close(), retention.close()])
    if (!life.isOver) {
      expect(ended).not.toBe('died')
      expect(nth).toBeGreaterThan(10)
      return
    }
    // As time does: the lease of a process that is gone runs out.
    await services.database.withOrganization(office.organizationId, transaction =>
      transaction.execute(
        sql`update state.purge p set lease_until = statement_timestamp() - interval '1 second' where p.organization_id = ${office.organizationId}`,
      ),
    )
    await work(office)
    await expectGone(office)
  }
}, 300_000)
