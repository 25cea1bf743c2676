import { createEntraConnector } from '../../../server/connectors/entra/connector.ts'
import { isHourly } from '../../../server/domain/evidence/kinds.ts'
import { wholeWindow } from '../../../server/domain/run/feed-window.ts'
import { canonicalText, sha256 } from '../../../server/ledger/canonical.ts'
import { connect } from '../../support/stand-in.ts'
import type { BenchDirectory } from './directory.ts'

/**
 * What no sync that fingerprints can do without: downloads the pages of every kind that an hourly run reads, parses
 * them, and hashes the canonical form of every row. Nothing is checked, compared or kept.
 */
export async function openFloor({ origin, spec }: BenchDirectory): Promise<() => Promise<void>> {
  const source = await connect({ origin }, { tenantId: spec.tenantId })
  const requests = createEntraConnector({ collectorVersion: 'bench' }).manifest.reads.flatMap(
    ({ kind, request }) => (isHourly(kind) ? [request] : []),
  )
  return async () => {
    const to = new Date()
    const from = new Date(to.getTime() - wholeWindow)
    for (const request of requests) {
      const first = request
        .slice('GET '.length)
        .replace('{from}', from.toISOString())
        .replace('{to}', to.toISOString())
        .replaceAll(' ', '%20')
      for (let next: string | undefined = first; next !== undefined; ) {
        const { status, body } = await source.get(next)
        if (status !== 200) throw new Error(`${next} answered ${status}`)
        for (const row of rowsOf(body)) sha256(canonicalText(row))
        next = source.nextPath(body)
      }
    }
  }
}

/** The rows of a page, or the one object that is no collection. */
const rowsOf = (body: unknown): readonly unknown[] =>
  typeof body === 'object' && body !== null && 'value' in body && Array.isArray(body.value)
    ? body.value
    : [body]
