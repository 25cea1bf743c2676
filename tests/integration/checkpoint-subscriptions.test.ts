import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { parseCheckpoint } from '../../server/ledger/checkpoint-text.ts'
import { verifyConsistency } from '../../server/ledger/merkle.ts'
import { sealNow } from '../../server/ledger/seal-log.ts'
import { parseNote, verifyNote } from '../../server/ledger/signed-note.ts'
import { parseVerifierKey } from '../../server/ledger/verifier-key.ts'
import { jobSchemas } from '../../server/queue.ts'
import { deliverCheckpoint } from '../../server/subscriptions/deliver-checkpoint.ts'
import { enqueueDueDeliveries } from '../../server/subscriptions/due-deliveries.ts'
import { callerOf, newMember, ownerCaller } from '../support/caller.ts'
import { useScene } from '../support/seed.ts'

const hour = 3_600_000
const scene = await useScene()
const { clock, jobs, organizationId, services, slug, smtp } = scene
const owner = ownerCaller(scene)
const organization = slug

let status = 204
const received: { id: string; body: string }[] = []
const receiver = createServer((request, response) => {
  void text(request).then(body => {
    received.push({ id: String(request.headers['webhook-id']), body })
    response.writeHead(status).end()
  })
})
receiver.listen(0, '127.0.0.1')
await once(receiver, 'listening')
afterAll(() => receiver.close())
const address = receiver.address()
const receiverUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/hook`

beforeEach(() => {
  status = 204
  received.length = 0
  jobs.length = 0
})

test('a webhook gets the first checkpoint, then each newer one with the proof that it continues the one before', async () => {
  const { webhookId, signingSecret } = await owner.webhooks.add({ organization, label: '', url: receiverUrl })
  expect(signingSecret).toMatch(/^whsec_/)
  await owner.subscriptions.subscribeWebhook({ organization, webhookId, cadence: 'hourly' })
  await seal()
  expect(await deliverDue()).toBe(1)
  clock.jump(hour)
  await seal()
  expect(await deliverDue()).toBe(1)

  const [first, second] = received.map(({ body }) => JSON.parse(body).data)
  expect(first.previous).toBeNull()
  const [one, other] = [first, second].map(data => checkpointIn(data))
  expect(second.previous.size).toBe(one?.size)
  expect(
    verifyConsistency({
      firstSize: one?.size ?? 0,
      secondSize: other?.size ?? 0,
      firstRoot: one?.root ?? new Uint8Array(),
      secondRoot: other?.root ?? new Uint8Array(),
      proof: second.previous.proof.map((hash: string) => Buffer.from(hash, 'base64')),
    }),
  ).toBe(true)
  const { events } = await owner.ledger.events({ organization, type: 'CheckpointDelivered' })
  expect(events).toHaveLength(2)
})

test('nothing goes out twice, nor before the cadence asks for it', async () => {
  await seal()
  expect(await deliverDue()).toBe(0)
  clock.jump(hour)
  const [job] = await dueJobs()
  if (!job) throw new Error('nothing is due')
  await deliver(job)
  await deliver(job)
  expect(received).toHaveLength(1)
})

test('an attempt that failed is kept and tried again; the last one is an event, and the next checkpoint is tried anew', async () => {
  clock.jump(hour)
  await seal()
  status = 503
  const [job] = await dueJobs()
  if (!job) throw new Error('nothing is due')
  await expect(deliver(job)).rejects.toThrow('not delivered')
  await expect(deliver(job)).rejects.toThrow('not delivered')
  await deliver(job, { isLastAttempt: true })
  expect(new Set(received.map(({ id }) => id)).size).toBe(1)
  const { events } = await owner.ledger.events({ organization, type: 'CheckpointDeliveryFailed' })
  expect(events.map(({ words }) => words)).toEqual([expect.stringMatching(/in 3 attempts.*status 503/)])
  const { subscriptions } = await owner.subscriptions.list({ organization })
  expect(subscriptions[0]?.attempts.slice(0, 3).map(({ isDelivered }) => isDelivered)).toEqual([
    false,
    false,
    false,
  ])
  expect(await dueJobs()).toEqual([])
  status = 204
  clock.jump(hour)
  await seal()
  expect(await deliverDue()).toBe(1)
})

test('removing a webhook destroys its secrets and ends what was sent to it', async () => {
  const { webhooks } = await owner.webhooks.list({ organization })
  const [{ id: webhookId = '', label = '' } = {}] = webhooks
  const removal = { organization, webhookId, confirmation: label }
  await expect(owner.webhooks.remove({ ...removal, confirmation: 'another' })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  })
  await owner.webhooks.remove(removal)
  expect(await owner.webhooks.list({ organization })).toEqual({ webhooks: [] })
  expect(await owner.subscriptions.list({ organization })).toMatchObject({ subscriptions: [] })
  await expect(owner.webhooks.remove(removal)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})

test('an auditor gets checkpoints by mail, with the note attached as it is, until the access ends', async () => {
  const auditor = await newMember(scene, 'auditor')
  const caller = callerOf(services, auditor)
  await caller.subscriptions.subscribe({ organization, cadence: 'daily' })
  await seal()
  expect(await deliverDue()).toBe(1)
  const mail = smtp.mails().findLast(({ to }) => to.includes(auditor.email))
  expect(mail?.subject).toMatch(/^Checkpoint of Harbour Street: \d+ events$/)
  const [attachment] = mail?.attachments ?? []
  expect(parseCheckpoint(parseNote(attachment?.content ?? '').text).size).toBeGreaterThan(0)

  clock.jump(23 * hour)
  await seal()
  expect(await deliverDue()).toBe(0)
  clock.jump(hour)
  expect(await deliverDue()).toBe(1)

  clock.jump(400 * 24 * hour)
  await seal()
  expect(await deliverDue()).toBe(1)
  const { events } = await owner.ledger.events({ organization, type: 'CheckpointUnsubscribed' })
  expect(events[0]?.words).toMatch(/access has ended/)
  expect(await dueJobs()).toEqual([])
})

test('a subscription is its owner’s: others cannot see or end it, who manages webhooks can', async () => {
  const lead = callerOf(services, await newMember(scene, 'compliance_lead'))
  const other = callerOf(services, await newMember(scene, 'compliance_lead'))
  await lead.subscriptions.subscribe({ organization, cadence: 'daily' })
  await lead.subscriptions.subscribe({ organization, cadence: 'hourly' })
  const { subscriptions } = await lead.subscriptions.list({ organization })
  expect(subscriptions).toMatchObject([{ isOwn: true, cadence: 'hourly' }])
  const subscriptionId = subscriptions[0]?.id ?? ''
  expect((await other.subscriptions.list({ organization })).subscriptions).toEqual([])
  await expect(other.subscriptions.end({ organization, subscriptionId })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  await owner.subscriptions.end({ organization, subscriptionId })
  expect((await lead.subscriptions.list({ organization })).subscriptions).toEqual([])
})

test('a test message says what came of it, and is kept', async () => {
  const { webhookId } = await owner.webhooks.add({
    organization,
    label: 'Archive',
    url: `${receiverUrl}/archive`,
  })
  expect(await owner.webhooks.test({ organization, webhookId })).toMatchObject({ isDelivered: true })
  status = 500
  expect(await owner.webhooks.test({ organization, webhookId })).toMatchObject({
    isDelivered: false,
    explanation: expect.stringContaining('500'),
  })
  const { webhooks } = await owner.webhooks.list({ organization })
  expect(webhooks[0]?.tests.map(({ isDelivered }) => isDelivered).sort()).toEqual([false, true])
})

test.each([
  ['http://example.com/hook', /https/],
  ['https://10.0.0.1/hook', /private/],
  ['nowhere', /whole address/],
])('the address %s is refused by field, and nothing is stored', async (url, words) => {
  const before = await owner.webhooks.list({ organization })
  await expect(owner.webhooks.add({ organization, label: '', url })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    cause: { fields: { url: expect.stringMatching(words) } },
  })
  expect(await owner.webhooks.list({ organization })).toEqual(before)
})

/** Appends something, so that there is something new, and seals it. */
async function seal() {
  await owner.memberInvite({
    organization,
    email: `guest-${clock.now().getTime()}@example.com`,
    role: 'viewer',
    periodFrom: '',
    periodTo: '',
    expiresAt: '',
  })
  await sealNow(services, organizationId)
}

async function dueJobs() {
  jobs.length = 0
  await services.database.withOrganization(organizationId, transaction =>
    enqueueDueDeliveries(services, transaction, organizationId),
  )
  return jobs.map(({ payload }) => jobSchemas['deliver-checkpoint'].parse(payload))
}

const deliver = (job: { organizationId: string; subscriptionId: string }, { isLastAttempt = false } = {}) =>
  deliverCheckpoint(services, job, { isLastAttempt })

async function deliverDue(): Promise<number> {
  const due = await dueJobs()
  for (const job of due) await deliver(job)
  return due.length
}

/** The checkpoint of a message, once its signature held by the newest of the keys in it. */
function checkpointIn(data: { checkpoint: string; keys: string[]; size: number }) {
  const note = parseNote(data.checkpoint)
  expect(verifyNote(note, data.keys.map(parseVerifierKey)).kind).toBe('signed')
  const checkpoint = parseCheckpoint(note.text)
  expect(checkpoint.size).toBe(data.size)
  return checkpoint
}
