import type { Transaction } from '../../db/client.ts'
import { countOpenAlerts } from '../alerts/count-open.ts'
import type { Frame } from './kept-frames.ts'
import { readCatalogue } from './read-coverage.ts'

/** What stands around the pages of an organization as of a position; `from`: where an auditor's view begins. */
export async function readFrame(
  transaction: Transaction,
  scope: { organizationId: string; position: number; from: Date | null },
): Promise<Frame> {
  const [{ controls }, openAlerts] = await Promise.all([
    readCatalogue(transaction, scope.organizationId, scope.position),
    countOpenAlerts(transaction, scope),
  ])
  return { controls: controls.length, openAlerts }
}
