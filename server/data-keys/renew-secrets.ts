import { and, eq, inArray, sql } from 'drizzle-orm'
import { dataKey } from '../../db/schema/state.ts'
import type { Unit } from '../ledger/ledger.ts'
import type { Services } from '../services.ts'
import { listKeys } from '../vault/key-records.ts'
import { forgetKeyObstacle, noteKeyObstacle, readKeyWork } from './key-work.ts'
import { countValues, replaceValue, valuesBefore } from './sealed-values.ts'

type Needed = Pick<Services, 'ledger' | 'database' | 'vault' | 'clock'>

const actor = 'system:keys'

/** Secrets in one transaction: few enough that nobody waits for it. */
const batchSize = 50

/**
 * Does what is left to do on an organization's keys: wraps them anew where another key was chosen, seals secrets anew
 * under the newest data key, and destroys data keys that served their time. Each step is a transaction of its own and
 * looks for what is left: where the process dies, the next one goes on, and two at once do not harm each other.
 */
export async function renewSecrets(
  services: Needed,
  organizationId: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    while (await takeStep(services, organizationId)) signal.throwIfAborted()
  } catch (error) {
    if (!signal.aborted) await noteKeyObstacle(services, organizationId, error)
    throw error
  }
  await forgetKeyObstacle(services, organizationId)
}

/** @returns whether something was done */
async function takeStep(services: Needed, organizationId: string): Promise<boolean> {
  const { database } = services
  const { rewrap, replace, destroy } = await database.withOrganization(organizationId, transaction =>
    readKeyWork(services, transaction, organizationId),
  )
  const [version] = rewrap
  if (version !== undefined) return rewrapKey(services, organizationId, version)
  if (replace.length > 0) {
    return (await resealBatch(services, organizationId)) || (await retireKeys(services, organizationId))
  }
  return destroy.length > 0 && destroyKeys(services, organizationId, destroy)
}

function rewrapKey({ ledger, vault }: Needed, organizationId: string, version: number): Promise<boolean> {
  return ledger.command(organizationId, actor, async unit => {
    const wrapped = await vault.rewrapKey(unit.transaction, organizationId, version)
    if (!wrapped) return false
    await record(unit, { type: 'DataKeyRewrapped', payload: { version, ...wrapped } })
    return true
  })
}

function resealBatch({ database, vault }: Needed, organizationId: string): Promise<boolean> {
  return database.withOrganization(organizationId, async transaction => {
    const [newest] = await listKeys(transaction, organizationId)
    if (!newest) return false
    const values = await valuesBefore(transaction, organizationId, {
      version: newest.version,
      limit: batchSize,
    })
    for (const value of values) {
      const renewed = await vault.reseal(transaction, value.place, value.sealed)
      await replaceValue(transaction, value, renewed)
    }
    return values.length > 0
  })
}

/**
 * Retires the older data keys once nothing is sealed under them. They are locked first: whoever seals under one holds it
 * until what was sealed can be seen.
 * @returns whether the work goes on, because something was sealed meanwhile or the keys retired
 */
function retireKeys({ ledger }: Needed, organizationId: string): Promise<boolean> {
  return ledger.command(organizationId, actor, async unit => {
    const { transaction, now } = unit
    const [newest] = await listKeys(transaction, organizationId)
    if (!newest) return false
    const older = and(
      eq(dataKey.organizationId, organizationId),
      sql`${dataKey.version} < ${newest.version}`,
      sql`${dataKey.retiredAt} is null`,
    )
    const held = await transaction
      .select({ version: dataKey.version })
      .from(dataKey)
      .where(older)
      .orderBy(dataKey.version)
      .for('update')
    if (held.length === 0) return false
    const { all, before } = await countValues(transaction, organizationId, newest.version)
    if (before > 0) return true
    const retired = held.map(({ version }) => version)
    await transaction.update(dataKey).set({ retiredAt: now }).where(older)
    await record(unit, {
      type: 'SecretsReencrypted',
      payload: { version: newest.version, count: all, retired },
    })
    return true
  })
}

/** Destroys retired keys. One that something is sealed under all the same, as after a restore, serves again instead. */
function destroyKeys({ ledger }: Needed, organizationId: string, versions: number[]): Promise<boolean> {
  return ledger.command(organizationId, actor, async unit => {
    const { transaction } = unit
    const chosen = and(eq(dataKey.organizationId, organizationId), inArray(dataKey.version, versions))
    const { before } = await countValues(transaction, organizationId, Math.max(...versions) + 1)
    if (before > 0) {
      await transaction.update(dataKey).set({ retiredAt: null }).where(chosen)
      return true
    }
    const gone = await transaction.delete(dataKey).where(chosen).returning({ version: dataKey.version })
    if (gone.length === 0) return false
    const destroyed = gone.map(({ version }) => version).sort((a, b) => a - b)
    await record(unit, { type: 'DataKeysDestroyed', payload: { versions: destroyed } })
    return true
  })
}

const record = (unit: Unit, event: Parameters<Unit['append']>[2][number]) =>
  unit.append({ type: 'organization', id: unit.organizationId }, 'any', [event])
