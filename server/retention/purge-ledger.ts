import type { Database } from '../../db/client.ts'
import type { Clock } from '../clock.ts'
import { createLedger, type Ledger } from '../ledger/ledger.ts'

/**
 * The ledger over the purge's own connection, as the role that may remove bodies and nothing else. Nothing is projected
 * from purges; the seal that follows goes into the queue over the usual connection.
 */
export const createPurgeLedger = (database: Database, clock: Clock): Ledger =>
  createLedger({ database, clock, project: async () => undefined })
