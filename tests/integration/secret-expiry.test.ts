import { expect, test } from 'vitest'
import { replaceClientSecret } from '../../server/connections/manage-connection.ts'
import { sweepOverdue } from '../../server/connections/sweep.ts'
import { ownerCaller } from '../support/caller.ts'
import { dispatchDue } from '../support/dispatch.ts'
import { clientSecret } from '../support/entra.ts'
import { connectedScene, syncNow, useScene } from '../support/seed.ts'

const hour = 3_600_000
const day = 24 * hour

const scene = await useScene()
const { services, clock, slug: organization, organizationId, userId } = scene
const caller = ownerCaller(scene)
const connectionId = await connectedScene(scene)
await dispatchDue(scene)
const { connection } = await caller.connections.get({ organization, connectionId })
const end = connection.secret.expiresAt ?? new Date(0)

/** Moves to so many days before the end, as a worker would see it: syncs, then the hourly sweep. */
async function lookAt(daysBefore: number) {
  clock.jump(end.getTime() - daysBefore * day - clock.now().getTime())
  scene.jobs.splice(0)
  await syncNow(scene, connectionId)
  await sweepOverdue(services)
  await sweepOverdue(services)
}

const notices = async () => {
  const { events } = await caller.ledger.events({ organization, type: 'ClientSecretExpiryNoticed' })
  return events.map(event => event.words)
}
const standing = async (asOf?: string) => {
  const asked = { organization, ...(asOf ? { asOf } : {}) }
  const page = await caller.connections.get({ ...asked, connectionId })
  const { needs } = await caller.coverage.overview(asked)
  const need = needs.find(({ title, text }) => /client secret/i.test(title + text))
  return { state: page.connection.secret.state, tone: need?.tone ?? null, history: page.history }
}

test('30, 14 and 7 days before its end the secret is on the overview, on its page and in the ledger, once each', async () => {
  // Not so long without a sync that the sign-in itself would lapse.
  await lookAt(100)
  await lookAt(31)
  expect(await standing()).toMatchObject({ state: 'valid', tone: null })
  expect(await notices()).toEqual([])

  const tones = []
  for (const daysBefore of [30, 20, 14, 8, 7, 1]) {
    await lookAt(daysBefore)
    const { state, tone } = await standing()
    tones.push([daysBefore, state, tone])
  }
  expect(tones).toEqual([
    [30, 'soon', 'notice'],
    [20, 'soon', 'notice'],
    [14, 'near', 'stale'],
    [8, 'near', 'stale'],
    [7, 'urgent', 'fail'],
    [1, 'urgent', 'fail'],
  ])
  expect(await notices()).toHaveLength(3)
  const { history } = await standing()
  expect(
    history.filter(({ type }) => type === 'ClientSecretExpiryNoticed').map(({ words }) => words),
  ).toEqual(
    [7, 14, 30].map(
      days => `Client secret ends on ${end.toISOString().slice(0, 10)}, in ${days} days or less`,
    ),
  )
})

test('what is shown needs no job: it follows from the date, as of any instant', async () => {
  const at = (daysBefore: number) => new Date(end.getTime() - daysBefore * day).toISOString()
  const shown = []
  for (const daysBefore of [31, 29, 13]) shown.push((await standing(at(daysBefore))).state)
  expect(shown).toEqual(['valid', 'soon', 'near'])
})

test('a refused sign-in, which is said first, does not hide that the secret ends', async () => {
  scene.entra.tenant(scene.spec.tenantId).revokeSessions()
  clock.jump(hour)
  expect(await syncNow(scene, connectionId)).toBe('refused')
  const { needs } = await caller.coverage.overview({ organization })
  expect(needs.slice(0, 2).map(({ title }) => title)).toEqual([
    expect.stringMatching(/wants a new sign-in$/),
    expect.stringMatching(/^The client secret expires in/),
  ])
})

test('a new secret begins anew', async () => {
  await replaceClientSecret(
    services,
    { organizationId, connectionId, userId },
    {
      clientSecret,
      secretExpiresOn: new Date(clock.now().getTime() + 10 * day).toISOString().slice(0, 10),
    },
  )
  await sweepOverdue(services)
  expect(await notices()).toHaveLength(4)
  expect(await standing()).toMatchObject({ state: 'near' })
})
