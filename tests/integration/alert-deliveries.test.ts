import { beforeEach, describe, expect, test } from 'vitest'
import { deliverAlerts } from '../../server/alerts/deliver-alerts.ts'
import { completeAuthorization } from '../../server/connections/complete-authorization.ts'
import { sweepOverdue } from '../../server/connections/sweep.ts'
import { jobSchemas } from '../../server/queue.ts'
import { describeError } from '../../server/trpc/error-map.ts'
import { callerOf, newMember, ownerCaller } from '../support/caller.ts'
import { startReceiver } from '../support/receiver.ts'
import { connectedScene, signInToReauthorize, syncNow, useScene } from '../support/seed.ts'
import { useSoundness } from '../support/soundness.ts'

const minute = 60_000
const hour = 60 * minute

const scene = await useScene()
const { clock, entra, jobs, organizationId, services, slug: organization, smtp, spec } = scene
const { expectWhole, expectReplayed } = useSoundness(scene)
const owner = ownerCaller(scene)
const receiver = await startReceiver()
const connectionId = await connectedScene(scene)
await syncNow(scene, connectionId)
const tenant = entra.tenant(spec.tenantId)

beforeEach(() => {
  receiver.status = 204
  receiver.received.length = 0
})

/** Gives out the deliveries that are due on the scene's clock, as the queue would: of each channel one. */
async function deliverDue(): Promise<number> {
  const now = clock.now()
  const due = jobs.filter(({ name, startAfter }) => name === 'deliver-alerts' && (startAfter ?? now) <= now)
  for (const job of due) jobs.splice(jobs.indexOf(job), 1)
  const targets = due.map(({ payload }) => jobSchemas['deliver-alerts'].parse(payload))
  const channels = [...new Map(targets.map(target => [target.channelId, target])).values()]
  for (const target of channels) await deliverAlerts(services, target)
  return channels.length
}

async function refuse() {
  tenant.revokeSessions()
  clock.jump(hour)
  expect(await syncNow(scene, connectionId)).toBe('refused')
}

async function authorize() {
  const back = await signInToReauthorize(scene, connectionId)
  await completeAuthorization(services, scene.browser, back.searchParams)
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
}

const outcomes = async () => {
  const { events } = await owner.ledger.events({ organization, streamType: 'alert_channel' })
  return events.filter(({ type }) => type.startsWith('AlertDeliver')).map(({ type }) => type)
}

test('a program, a chat, a team and a mailbox get one message each for what turned in one transaction', async () => {
  for (const format of ['standard', 'slack', 'teams'] as const) {
    await owner.webhooks.add({ organization, label: format, url: `${receiver.origin}/${format}`, format })
  }
  const lead = await newMember(scene, 'compliance_lead')
  await callerOf(services, lead).alerts.chooseMail({ organization, causes: ['authorization_required'] })
  await refuse()
  expect(await deliverDue()).toBe(0)
  clock.jump(minute)
  expect(await deliverDue()).toBe(4)

  const { open } = await owner.alerts.list({ organization })
  expect(open.map(({ kind }) => kind).sort()).toEqual(['authorization_required', 'control_failed'])
  const bodyAt = (path: string) => JSON.parse(receiver.received.find(each => each.path === path)?.body ?? '')
  expect(receiver.received).toHaveLength(3)
  expect(bodyAt('/standard')).toMatchObject({
    type: 'alerts',
    data: {
      organization: { slug: organization },
      alerts: expect.arrayContaining([
        expect.objectContaining({
          cause: 'authorization_required',
          standing: 'new',
          step: { label: 'Authorize again', url: expect.stringContaining(`/o/${organization}/settings/`) },
        }),
      ]),
    },
  })
  expect(bodyAt('/slack').blocks[0]).toMatchObject({ type: 'header' })
  expect(bodyAt('/teams').attachments[0].contentType).toBe('application/vnd.microsoft.card.adaptive')
  const mail = smtp.mails().findLast(({ to }) => to.includes(lead.email))
  expect(mail?.subject).toMatch(/^Harbour Street: .* wants a new sign-in$/)
  expect(mail?.text).toContain(`/o/${organization}/settings/alerts`)
  expect(await outcomes()).toEqual(Array(4).fill('AlertDelivered'))
  const { deliveries } = open.find(({ kind }) => kind === 'authorization_required') ?? { deliveries: [] }
  expect(deliveries.map(({ receiver }) => receiver).sort()).toEqual([
    `E-mail to ${lead.name}`,
    'slack',
    'standard',
    'teams',
  ])
})

test('what is over is told once, and nothing is told twice', async () => {
  expect(await deliverDue()).toBe(0)
  await authorize()
  clock.jump(minute)
  await deliverDue()
  const standing = receiver.received
    .filter(({ path }) => path === '/standard')
    .map(({ body }) => JSON.parse(body))
  expect(standing[0].data.alerts.map((alert: { standing: string }) => alert.standing)).toEqual([
    'over',
    'over',
  ])
  receiver.received.length = 0
  jobs.length = 0
  await sweepOverdue(services)
  expect(await deliverDue()).toBe(0)
  expect(receiver.received).toEqual([])
})

describe('a receiver that fails', async () => {
  const only = async () => {
    const { webhooks } = await owner.webhooks.list({ organization })
    for (const { id, label } of webhooks) {
      if (label !== 'standard')
        await owner.webhooks.remove({ organization, webhookId: id, confirmation: label })
    }
  }

  test('is tried again with growing rests on the clock, always with the same message, and then given up', async () => {
    await only()
    await refuse()
    receiver.status = 503
    const before = (await outcomes()).length
    const at: number[] = []
    for (let passed = 0; passed < 6 * 60 * 2; passed++) {
      clock.jump(minute / 2)
      const seen = receiver.received.length
      await deliverDue()
      if (receiver.received.length > seen) at.push(passed / 2)
    }
    const rests = at.slice(1).map((each, index) => each - (at[index] ?? 0))
    expect(rests).toEqual([0.5, 1, 2, 4, 8, 16, 32, 60])
    const sent = receiver.received.filter(({ path }) => path === '/standard')
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1)
    expect(new Set(sent.map(({ body }) => JSON.parse(body).data.alerts.length)).size).toBe(1)
    expect((await outcomes()).length - before).toBeGreaterThan(0)
    const { webhooks } = await owner.alerts.channels({ organization })
    expect(webhooks[0]?.attempts[0]).toMatchObject({ isDelivered: false, status: 503 })
  })

  test('gets what comes after, under another id', async () => {
    await authorize()
    clock.jump(minute)
    await deliverDue()
    expect(receiver.received.filter(({ path }) => path === '/standard')).toHaveLength(1)
  })
})

test('a process that dies between sending and recording sends the same message under the same id, and no other', async () => {
  await refuse()
  clock.jump(minute)
  const target = await standardTarget()
  const dying = {
    ...services,
    ledger: { ...services.ledger, command: () => Promise.reject(new Error('killed')) },
  }
  await expect(deliverAlerts(dying, target)).rejects.toThrow('killed')
  // Something else turns meanwhile: it is told by the next message.
  await authorize()
  await deliverAlerts(services, target)
  await deliverAlerts(services, target)
  await deliverAlerts(services, target)
  const sent = receiver.received.filter(({ path }) => path === '/standard')
  expect(sent[0]?.id).toBe(sent[1]?.id)
  const alertsOf = ({ body }: { body: string }) => JSON.parse(body).data.alerts
  expect(alertsOf(sent[0] ?? { body: '' })).toEqual(alertsOf(sent[1] ?? { body: '' }))
  expect(sent).toHaveLength(3)
  expect(sent[2]?.id).not.toBe(sent[0]?.id)
})

test('a place gets what was chosen for it; of nothing, nothing', async () => {
  const { webhookId } = await standardWebhook()
  await owner.alerts.chooseWebhook({ organization, webhookId, causes: ['export_failed'] })
  jobs.length = 0
  await refuse()
  expect(jobs.filter(({ name }) => name === 'deliver-alerts')).toHaveLength(1)
  await owner.alerts.chooseWebhook({ organization, webhookId, causes: [] })
  clock.jump(minute)
  await deliverDue()
  expect(receiver.received).toEqual([])
  const { events } = await owner.ledger.events({ organization, type: 'AlertChannelClosed' })
  expect(events.length).toBeGreaterThan(0)
  await authorize()
})

test('who has seen an alert says so once; of one that is over nobody can', async () => {
  await refuse()
  const { open } = await owner.alerts.list({ organization })
  const alertId = open[0]?.id ?? ''
  await owner.alerts.acknowledge({ organization, alertId })
  await owner.alerts.acknowledge({ organization, alertId })
  const shown = (await owner.alerts.list({ organization })).open.find(({ id }) => id === alertId)
  expect(shown?.acknowledged?.by).toBeTruthy()
  const { events } = await owner.ledger.events({ organization, type: 'AlertAcknowledged' })
  expect(events).toHaveLength(1)
  const viewer = callerOf(services, await newMember(scene, 'viewer'))
  await expect(viewer.alerts.acknowledge({ organization, alertId })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  })
  await authorize()
  await expect(owner.alerts.acknowledge({ organization, alertId })).rejects.toThrow()
  const then = await owner.alerts.list({ organization, asOf: String(events[0]?.position) })
  expect(then.open.map(({ id }) => id)).toContain(alertId)
  expect(then.canAcknowledge).toBe(false)
})

test('a test mail says what came of it, and is kept; without a choice there is nothing to test', async () => {
  await expect(owner.alerts.testMail({ organization })).rejects.toMatchObject({
    code: 'PRECONDITION_FAILED',
  })
  await owner.alerts.chooseMail({ organization, causes: ['ledger_fails'] })
  expect(await owner.alerts.testMail({ organization })).toMatchObject({ isDelivered: true })
  const { mail } = await owner.alerts.channels({ organization })
  expect(mail).toMatchObject({ causes: ['ledger_fails'], attempts: [{ subject: 'test', isDelivered: true }] })
})

test.each([
  ['an address that is there already', '/standard', '', 'url', /there already: standard/],
  ['a private address', 'https://10.0.0.1/hook', '', 'url', /private, local or reserved/],
  ['plain http elsewhere', 'http://example.com/hook', '', 'url', /begins with https/],
  ['a name that is too long', 'https://example.com/', 'x'.repeat(81), 'label', /At most 80/],
])('%s is refused in words, and nothing is stored', async (_, path, label, field, words) => {
  const before = (await owner.webhooks.list({ organization })).webhooks.length
  const url = path.startsWith('/') ? `${receiver.origin}${path}` : path
  const refusal = await owner.webhooks.add({ organization, label, url }).then(() => null, describeError)
  expect(refusal?.fields[field]).toMatch(words)
  expect((await owner.webhooks.list({ organization })).webhooks).toHaveLength(before)
})

test('after all of it the ledger is whole and a replay gives the same', async () => {
  await expectWhole(organizationId)
  await expectReplayed(organizationId)
})

async function standardWebhook() {
  const { webhooks } = await owner.webhooks.list({ organization })
  return { webhookId: webhooks.find(({ label }) => label === 'standard')?.id ?? '' }
}

async function standardTarget() {
  const job = jobs.findLast(({ name }) => name === 'deliver-alerts')
  // The lead chose other alerts: the webhook's channel is told by what it gets.
  const targets = jobs
    .filter(({ name }) => name === 'deliver-alerts')
    .map(({ payload }) => jobSchemas['deliver-alerts'].parse(payload))
  const { events } = await owner.ledger.events({ organization, type: 'AlertChannelOpened' })
  const [opened] = events.filter(({ words }) => words.includes('to a webhook')).toReversed()
  const target = targets.find(({ channelId }) => channelId === opened?.streamId)
  if (!target) throw new Error(`no delivery to the webhook is due: ${JSON.stringify(job)}`)
  return target
}
