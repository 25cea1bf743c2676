import { describe, expect, test } from 'vitest'
import { entraDeclaration } from '../../server/connectors/entra/declaration.ts'
import { absentKinds } from '../../server/connectors/offered.ts'
import { evaluateControls } from '../../server/coverage/evaluate-controls.ts'
import { sourceIdOf } from '../../server/ledger/ids.ts'
import { AlteredArchive, newSigner } from '../support/altered-archive.ts'
import { type Line, makeArchive } from '../support/archive.ts'
import { seedSyncedOrganization } from '../support/seed.ts'
import { findingOf, verify } from '../support/verification.ts'

/*
 * Judging and recording take a while, and a deadline can fall in between. The event says when it was judged, and whoever
 * judges again takes that instant.
 */
const scene = await seedSyncedOrganization({ size: 20 })
const { services, organizationId, connectionId, clock } = scene

/** From here on the secret's end is no more than seven days away, and AC-16 fails. */
const deadline = Date.parse('2025-03-13T00:00:00.000Z')
const judgedAt = new Date(deadline - 1)
const recordedAt = new Date(deadline + 250)

clock.jump(recordedAt.getTime() - clock.now().getTime())
await services.ledger.command(organizationId, 'system:sync', async unit => {
  await unit.append({ type: 'connection', id: connectionId }, 'any', [
    { type: 'ClientSecretReplaced', payload: { connectionId, secretExpiresOn: '2025-03-20' } },
  ])
  const sourceId = sourceIdOf(organizationId, 'entra', scene.spec.tenantId)
  const { requiredScopes } = entraDeclaration
  const collector = { requiredScopes, absentKinds: absentKinds(entraDeclaration, 'global') }
  await evaluateControls({ ...unit, now: judgedAt }, { sourceId, ...collector })
})
const { archive } = await makeArchive(scene, { kind: 'organization' })
const signer = newSigner(String(archive.json('manifest.json').origin))

/** The verdict that was judged on one side of the deadline and recorded on the other. */
const isLate = (event: Line) => event.type === 'ControlEvaluated' && Date.parse(`${event.time}`) >= deadline

/** The archive with another word on when that verdict was judged, up to the root and signed. */
const retold = (edit: (event: { data: { judgedAt?: string }; schemaversion: number }) => void) =>
  findingOfBytes(new AlteredArchive(archive).editRecord('events', isLate, edit).reseal(signer).bytes())
const findingOfBytes = async (bytes: Buffer) => findingOf(await verify(bytes))

describe('a verdict that a deadline parts from its record', () => {
  test('names the instant it was judged at, and passes', () => {
    expect(archive.records('events').find(isLate)).toMatchObject({
      schemaversion: 2,
      data: { controlId: 'AC-16', verdict: 'pass', judgedAt: judgedAt.toISOString() },
    })
  })

  test('holds when it is judged again', async () => {
    expect(await findingOfBytes(archive.bytes)).toMatchObject({ exitCode: 0, first: null })
  })

  test('is judged at its record where it does not say when, as before there was such a word', async () => {
    const finding = await retold(event => {
      delete event.data.judgedAt
      event.schemaversion = 1
    })
    expect(finding).toMatchObject({
      exitCode: 1,
      first: 'verdicts',
      words: expect.stringMatching(/recorded as pass; .* fail/),
    })
  })

  test.each([
    ['after its record', 1000],
    ['hours before', -3 * 3_600_000],
  ])('is refused where it says that it was judged %s', async (_, offset) => {
    const finding = await retold(event => {
      event.data.judgedAt = new Date(deadline + offset).toISOString()
    })
    expect(finding).toMatchObject({
      exitCode: 1,
      first: 'verdicts',
      words: expect.stringMatching(/says it was judged at/),
    })
  })
})
