import { z } from 'zod'
import type { Transaction } from '../../../db/client.ts'
import { type KeptOverview, KeptOverviews } from '../../coverage/kept-overviews.ts'
import { readOverview } from '../../coverage/read-overview.ts'
import type { AsOf } from '../../ledger/position-at.ts'
import { periodStart } from '../../members/auditor-period.ts'
import {
  controlStateOutput,
  freshnessOutput,
  hourGapOutput,
  listOf,
  needOutput,
  partsOutput,
} from '../coverage-schemas.ts'
import { coveragePlotOutput, gapStripOutput } from '../plot-schemas.ts'
import { answeredAsOf, asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({ ...organizationInput, ...asOfInput })

const output = z.strictObject({
  asOf: asOfOutput,
  percent: z.number(),
  parts: partsOutput,
  sources: listOf(
    z.strictObject({
      sourceId: z.uuid(),
      connectionId: z.uuid(),
      label: z.string(),
      status: z.string(),
      nextSyncAt: z.date().nullable(),
      state: freshnessOutput,
      oldestSuccessAt: z.date().nullable(),
      newestSuccessAt: z.date().nullable(),
      staleAt: z.date().nullable(),
      expiredAt: z.date().nullable(),
      share: z.number(),
    }),
  ),
  criteria: listOf(
    z.strictObject({
      criterion: z.string(),
      name: z.string(),
      controls: listOf(
        z.strictObject({
          id: z.string(),
          title: z.string(),
          state: controlStateOutput,
          words: z.string(),
        }),
      ),
    }),
  ),
  needs: listOf(needOutput),
  plot: coveragePlotOutput,
  strip: gapStripOutput,
  gaps: listOf(hourGapOutput),
})

type Answer = z.output<typeof output>

const answers = new WeakMap<KeptOverview, Answer>()

/** Checked once, however often what is kept is handed out. */
function answerOf(kept: KeptOverview): Answer {
  const answer = answers.get(kept) ?? output.parse({ ...kept.overview, asOf: answeredAsOf(kept.asOf) })
  answers.set(kept, answer)
  return answer
}

/** Coverage with its parts, what needs a person, and every hour: the overview as of one moment. */
export const coverageOverview = organizationProcedure('coverage:read')
  .input(input)
  .output(z.custom<Answer>())
  .query(async ({ ctx }) => {
    const { access, services, keptOverviews = new KeptOverviews() } = ctx
    const { organizationId } = access
    const { connectors, ledger } = services
    const { kept } = await readAsOf(ctx, async (transaction, asOf) => {
      const earliest = (await periodStart(transaction, access))?.from ?? null
      const read = (transaction: Transaction, asOf: AsOf) =>
        readOverview(transaction, organizationId, asOf, { connectors, earliest })
      const readAhead = () =>
        ledger.query(organizationId, { kind: 'now' }, async (ahead, asOf) => ({
          overview: await read(ahead, asOf),
          asOf,
        }))
      const scope = { organizationId, asOf, earliest }
      return { kept: await keptOverviews.read(scope, () => read(transaction, asOf), readAhead) }
    })
    return answerOf(kept)
  })
