import { AppError } from '../errors.ts'
import { limitAction } from '../http/rate-limit.ts'
import { newId } from '../ledger/ids.ts'
import { peopleById } from '../members/person-names.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { recordAttempt } from '../webhooks/deliveries.ts'
import { listChannels } from './channel-records.ts'
import { addressee } from './read-message.ts'
import { testNote } from './test-note.ts'

/**
 * Sends the member a test of their own mails and says what came of it.
 * @throws {AppError} precondition_failed where they chose none, too_many_requests
 */
export async function testMail(
  services: Services,
  { organizationId, userId }: Pick<Access, 'organizationId' | 'userId'>,
): Promise<{ isDelivered: boolean; explanation: string | null }> {
  const { channel, about } = await services.database.withOrganization(organizationId, async transaction => ({
    channel: (await listChannels(transaction, organizationId)).find(each => each.userId === userId),
    about: await addressee(services, transaction, organizationId),
  }))
  const to = (await peopleById(services.database, [userId])).get(userId)?.email
  if (!channel || to === undefined) throw nothingChosen()
  await limitAction(services.database, 'webhook_test', organizationId)
  const at = services.clock.now()
  const { title, items, link } = testNote(about)
  const text = [...items.map(item => `${item.heading} ${item.text}`), `${link.label}:`, link.url].join('\n\n')
  const isDelivered = await services.mailer.send({ to, messageId: newId(), subject: title, text }).then(
    () => true,
    (error: unknown) => {
      if (!(error instanceof AppError)) throw error
      return false
    },
  )
  const explanation = isDelivered ? null : 'The mail server did not take the mail.'
  await services.ledger.command(organizationId, `user:${userId}`, async unit => {
    const channelId = channel.id
    await unit.append({ type: 'alert_channel', id: channelId }, 'any', [
      { type: 'AlertChannelTested', payload: { channelId, isDelivered, status: null } },
    ])
    await recordAttempt(unit.transaction, organizationId, {
      targetId: channelId,
      subject: 'test',
      at,
      isDelivered,
      status: null,
      explanation,
    })
  })
  return { isDelivered, explanation }
}

const nothingChosen = () =>
  new AppError('precondition_failed', 'no alert mails were chosen', {
    userMessage: 'Choose what you want to get by e-mail first, and save it. Then send a test.',
  })
