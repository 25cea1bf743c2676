import { recordNoData } from '../coverage/evaluate-controls.ts'
import { type ConnectionCommand, decideConnection } from '../domain/connection/connection.ts'
import { AppError, notFound } from '../errors.ts'
import { lockSchedule, lockSchedules } from '../evidence/lease.ts'
import { endUnfinishedRuns } from '../evidence/start-run.ts'
import type { Unit } from '../ledger/ledger.ts'
import type { Services } from '../services.ts'
import { Secret } from '../vault/secret.ts'
import { bringSyncs } from './bring-syncs.ts'
import { destroyCredentials, storeCredential } from './credentials.ts'
import { unscheduleSyncs } from './schedule.ts'
import { checkSecretFields } from './settings.ts'
import { connectionStateOf } from './state-of.ts'

interface Target {
  organizationId: string
  connectionId: string
  userId: string
}

/**
 * Destroys the connection's credentials and ends it, in one transaction; its controls are no_data from this instant.
 * What was collected stays.
 */
export async function revokeConnection(services: Services, target: Target): Promise<void> {
  const { organizationId, connectionId, userId } = target
  await services.ledger.command(organizationId, `user:${userId}`, unit => endConnection(unit, connectionId))
}

/** The same inside a command: also where the organization itself ends. */
export async function endConnection(unit: Unit, connectionId: string): Promise<void> {
  const { organizationId } = unit
  const key = { organizationId, connectionId }
  // The locks of a run that ends right now, in its order.
  await lockSchedules(unit.transaction, key)
  const { state, version } = await connectionStateOf(unit, connectionId)
  const destroyed = await destroyCredentials(unit.transaction, organizationId, connectionId)
  await unit.append(
    { type: 'connection', id: connectionId },
    version,
    decideConnection({ type: 'revoke', destroyed }, state),
  )
  await unscheduleSyncs(unit.transaction, key)
  await endUnfinishedRuns(
    unit,
    { connectionId },
    {
      cause: 'revoked',
      explanation: 'The connection was revoked while this sync ran. Nothing of it was attached.',
    },
  )
  if (state.connection) {
    await recordNoData(unit, { sourceId: state.connection.sourceId, connectionId })
  }
}

/**
 * Puts a new client secret in the place of the old one and syncs at once. The sign-in stays as it is.
 * @throws {AppError} bad_input by field
 */
export async function replaceClientSecret(
  services: Services,
  target: Target,
  fields: { clientSecret: string; secretExpiresOn: string },
): Promise<void> {
  const { organizationId, connectionId, userId } = target
  const command: ConnectionCommand = { type: 'replace_secret', secretExpiresOn: fields.secretExpiresOn }
  await services.ledger.command(organizationId, `user:${userId}`, async unit => {
    const schedules = await lockSchedules(unit.transaction, target)
    const { state, version } = await connectionStateOf(unit, connectionId)
    const events = decideConnection(command, state)
    const { connection } = state
    if (!connection) throw notFound('connection')
    checkSecretFields(fields, services.connectors.get(connection.connector).manifest, unit.now)
    // Before the append: sealing may ask the key service, and an append makes the organization wait.
    const secret = new Secret(fields.clientSecret)
    await storeCredential(services, unit.transaction, organizationId, connectionId, 'client_secret', secret)
    await unit.append({ type: 'connection', id: connectionId }, version, events)
    await bringSyncs(services, unit, connection, schedules, 'manual')
  })
}

/** Asks for a sync now. @returns false where a run is in flight: it is not doubled */
export async function requestSync(services: Services, target: Target): Promise<boolean> {
  const { organizationId, connectionId, userId } = target
  return services.ledger.command(organizationId, `user:${userId}`, async unit => {
    const { state } = await connectionStateOf(unit, connectionId)
    if (state.status === 'revoked') {
      throw new AppError('precondition_failed', 'revoked', {
        userMessage: 'A revoked connection does not sync.',
      })
    }
    if (state.status === 'needs_attention') {
      throw new AppError('precondition_failed', 'needs attention', {
        userMessage: `${state.attention?.explanation ?? ''} Until then a sync cannot succeed.`.trim(),
      })
    }
    const schedule = await lockSchedule(unit.transaction, { organizationId, connectionId, cadence: 'hourly' })
    if (schedule?.isHeld) return false
    await services.queue.enqueue(unit.transaction, 'sync', {
      organizationId,
      connectionId,
      trigger: 'manual',
      dueAt: null,
    })
    return true
  })
}
