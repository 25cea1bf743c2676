import { beforeEach, describe, expect, test } from 'vitest'
import { rateLimits } from '../../db/schema/accounts.ts'
import { makeArchive } from '../support/archive.ts'
import { sampledAssessment } from '../support/assessment.ts'
import { contextOf } from '../support/caller.ts'
import { syncedIds } from '../support/known-ids.ts'
import { answerOf, organizationProcedures, outcomeOf, validInput } from '../support/procedures.ts'
import { seedSyncedOrganization, syncNow } from '../support/seed.ts'

const queries = organizationProcedures.filter(({ type }) => type === 'query')
const hour = 3_600_000

/** Queries that are of now alone, and why no past can be asked of them. */
const ofNow: Readonly<Record<string, string>> = {
  'connectors.list': 'which connectors this build has: no part of any organization’s past',
  'connectors.card': 'what a connector of this build reads and how it is set up',
  'ledger.stops': 'the moments one may look back to: the same ones wherever one looks from',
  'ledger.checkpoint': 'a checkpoint is named by its size, and is of its own moment',
  'ledger.consistency': 'lies between two checkpoints, each of its own moment',
  'ledger.compareCheckpoint': 'holds what a reader kept to the log as it is now',
  'ledger.verification': 'working state: how far verifications are; what they found is in the audit trail',
  'retention.preview': 'what would be removed next, under a window that nobody chose yet',
  'erasures.find': 'who is to be erased is said of people as they are held now',
  'erasures.preview': 'what would be removed, were the person erased now',
  'alerts.channels': 'working state: where alerts go now; what was sent is in the audit trail',
  'subscriptions.list': 'working state: who gets checkpoints now; what it was is in the audit trail',
  'webhooks.list': 'working state: addresses there are now; what they were is in the audit trail',
}

const lookingBack = queries.filter(({ fields }) => 'asOf' in fields)

describe('every query of an organization', () => {
  test.each(queries)('$path can be asked of the past, or says here why not', ({ path, fields }) => {
    expect('asOf' in fields).toBe(!Object.hasOwn(ofNow, path))
  })

  test('that is listed here exists', () => {
    expect(queries.map(({ path }) => path)).toEqual(expect.arrayContaining(Object.keys(ofNow)))
  })
})

describe('a query of the past', async () => {
  const scene = await seedSyncedOrganization()
  const { services, organizationId, slug, clock, connectionId } = scene
  const { exportId } = await makeArchive(scene, { kind: 'organization' })
  const { assessmentId, sampleId } = await sampledAssessment(scene)
  const asked = await services.ledger.resolve(organizationId, { kind: 'now' })
  clock.jump(hour)
  await syncNow(scene, connectionId)
  clock.jump(hour)
  const now = await services.ledger.resolve(organizationId, { kind: 'now' })
  const owner = contextOf(services, { id: scene.userId, name: 'Ada Owner', email: 'ada@example.com' })
  const first = await services.ledger.resolve(organizationId, { kind: 'position', position: 0 })
  const known = await services.database.withOrganization(organizationId, transaction =>
    syncedIds(transaction, organizationId),
  )
  const inputs = {
    ...known,
    organization: slug,
    connectionId,
    exportId,
    assessmentId,
    sampleId,
    kind: 'user_inventory',
    controlId: 'AC-02',
    position: 1,
    against: first.instant.toISOString(),
  }

  beforeEach(() => services.database.outsideTenant.delete(rateLimits))

  const ask = (procedure: (typeof queries)[number], asOf: string | undefined) => ({
    path: procedure.path,
    input: validInput(procedure, { ...inputs, asOf }),
  })

  test.each(lookingBack)('$path answers the pair that was asked, however it was asked', async procedure => {
    const instant = asked.instant.toISOString()
    const text = `${instant}@${asked.position}`
    for (const asOf of [instant, text]) {
      const { path, input } = ask(procedure, asOf)
      expect(await answerOf(owner, path, input)).toMatchObject({
        asOf: { instant: asked.instant, position: asked.position, isNow: false, text },
      })
    }
    const { path, input } = ask(procedure, String(asked.position))
    expect(await answerOf(owner, path, input)).toMatchObject({
      asOf: { position: asked.position, isNow: false },
    })
  })

  test.each(lookingBack)('$path answers the newest pair when none was asked', async procedure => {
    const { path, input } = ask(procedure, undefined)
    expect(await answerOf(owner, path, input)).toMatchObject({
      asOf: { instant: now.instant, position: now.position, isNow: true, text: null },
    })
  })

  const badMoments: [what: string, asOf: string, words: RegExp][] = [
    ['an instant before the beginning', '2001-01-01T00:00:00Z', /before the organization’s first event/],
    ['an instant in the future', '2100-01-01T00:00:00Z', /in the future/],
    ['a position that does not exist', '999999', /no position 999999/],
    ['a pair that does not belong together', `${asked.instant.toISOString()}@0`, /do not belong together/],
    ['what is no moment', 'yesterday', /no instant that can be looked up/],
  ]
  const bad = lookingBack.flatMap(procedure =>
    badMoments.map(([what, asOf, words]) => ({ procedure, what, asOf, words })),
  )

  test.each(bad)('$procedure.path answers $what with words', async ({ procedure, asOf, words }) => {
    const { path, input } = ask(procedure, asOf)
    const outcome = await outcomeOf(owner, path, input)
    expect(outcome).toEqual({ code: 'bad_input', words: expect.stringMatching(words) })
  })

  test.each(badMoments)(
    'a comparison answers %s as its other moment with words',
    async (_, against, words) => {
      const outcome = await outcomeOf(owner, 'ledger.compare', { organization: slug, against })
      expect(outcome).toEqual({ code: 'bad_input', words: expect.stringMatching(words) })
    },
  )
})
