import { eq, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { evidenceDelta } from '../../db/schema/ledger.ts'
import type { ConnectorRegistry } from '../connectors/registry.ts'
import { catalogue } from '../domain/control/catalogue.ts'
import type { Coverage } from '../domain/coverage/coverage.ts'
import { AppError, notFound } from '../errors.ts'
import { canonicalText } from '../ledger/canonical.ts'
import { firstCheckpointOver } from '../ledger/checkpoints.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { digestAsOf } from '../projections/digest-as-of.ts'
import { digestOf, type StateDigest } from '../projections/fold/digest.ts'
import type { FoldedRows } from '../projections/fold/fold.ts'
import { foldLedger } from '../projections/fold-ledger.ts'
import { foldCoverage } from './fold-coverage.ts'
import { readCoverage } from './read-coverage.ts'

/** What may be folded while a page waits: some seconds, and a few hundred megabytes. */
const most = { events: 1_000_000, deltas: 2_000_000 }

/** An answer as the tables give it, beside the same folded from the events alone. */
export interface Explanation {
  /** How many events were folded, the moment's own included. */
  readonly events: number
  readonly agrees: boolean
  readonly percent: { readonly shown: number; readonly folded: number }
  /** Whether every control has the same verdict, age and reasons either way. */
  readonly sameControls: boolean
  readonly digest: { readonly shown: string; readonly folded: string }
  /** Projections whose rows are not what the events lead to. */
  readonly differing: readonly string[]
  /** The first signed checkpoint that covers the position; null while there is none. */
  readonly checkpoint: { readonly size: number; readonly signedAt: Date } | null
}

/**
 * Folds the events up to a moment, and says whether the result is what is shown.
 * @throws {AppError} precondition_failed, where there are more of them than a page may wait for
 */
export async function explainCoverage(
  transaction: Transaction,
  organizationId: string,
  asOf: Pick<AsOf, 'instant' | 'position'>,
  connectors: ConnectorRegistry,
): Promise<Explanation> {
  const { position, instant } = asOf
  await assertFoldable(transaction, organizationId, position + 1)
  const fold = await foldLedger(transaction, organizationId, { upTo: position })
  const folded = digestOf(fold, position)
  const shown = await digestAsOf(transaction, organizationId, position)
  const { coverage } = await readCoverage(transaction, organizationId, asOf, connectors)
  const reference = coverageOf(fold, instant, connectors)
  const sameControls = inText(coverage) === inText(reference)
  const checkpoint = await firstCheckpointOver(transaction, organizationId, position)
  return {
    events: position + 1,
    agrees: folded.sha256 === shown.sha256 && coverage.percent === reference.percent && sameControls,
    percent: { shown: coverage.percent, folded: reference.percent },
    sameControls,
    digest: { shown: shown.sha256, folded: folded.sha256 },
    differing: differingBetween(shown, folded),
    checkpoint: checkpoint && { size: checkpoint.size, signedAt: checkpoint.signedAt },
  }
}

async function assertFoldable(transaction: Transaction, organizationId: string, events: number) {
  const some = transaction
    .select({ one: sql`1`.as('one') })
    .from(evidenceDelta)
    .where(eq(evidenceDelta.organizationId, organizationId))
    .limit(most.deltas + 1)
    .as('some')
  const [row] = await transaction.select({ deltas: sql<number>`count(*)::int` }).from(some)
  if (events <= most.events && (row?.deltas ?? 0) <= most.deltas) return
  throw new AppError('precondition_failed', 'too much to fold while a page waits', {
    userMessage:
      'This ledger is too large to be folded while a page waits. Whoever runs this deployment can compare it with: npm run rebuild -- --check',
  })
}

/** By the catalogue that the fold itself says was in force. */
function coverageOf(fold: FoldedRows, at: Date, connectors: ConnectorRegistry): Coverage {
  const [profile] = fold.rows('organizationProfile')
  if (!profile) throw notFound('organization')
  return foldCoverage(fold, {
    catalogue: catalogue(profile.catalogueVersion),
    at,
    absentKinds: (connector, cloud) =>
      connectors
        .get(connector)
        .manifest.reads.flatMap(read => (read.absentIn.includes(cloud) ? [read.kind] : [])),
  })
}

const inText = ({ controls }: Coverage) => canonicalText(controls)

const differingBetween = (shown: StateDigest, folded: StateDigest) =>
  Object.entries(folded.projections).flatMap(([name, { sha256 }]) =>
    Object.entries(shown.projections).some(([other, digest]) => other === name && digest.sha256 === sha256)
      ? []
      : [name],
  )
