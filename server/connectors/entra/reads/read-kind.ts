import type { Clock } from '../../../clock.ts'
import { minuteWords } from '../../../domain/minute-words.ts'
import { coveredWindow } from '../../../domain/run/feed-window.ts'
import { EvidenceReadFailed, type FeedWindow, type ItemPage, type ReadProvenance } from '../../contract.ts'
import { isOffered } from '../../offered.ts'
import type { Cloud } from '../clouds.ts'
import type { GraphReader } from '../graph/client.ts'
import { malformed, missingScopes, type ReadNeeds, scopeMissing } from '../graph/failures.ts'
import { type PageRequest, readCount, readObject, readPages } from '../graph/pages.ts'
import { createRecord } from './provenance.ts'
import type { EntraRead } from './read.ts'

interface ReadContext {
  readonly graph: GraphReader
  readonly cloud: Cloud
  readonly granted: readonly string[]
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly collectorVersion: string
}

/**
 * Reads one kind whole, page by page. Nothing of it may be used before the stream ended without an error.
 * @throws {EvidenceReadFailed}
 */
export async function* readKind(
  read: EntraRead,
  window: FeedWindow | null,
  context: ReadContext,
): AsyncGenerator<ItemPage, ReadProvenance> {
  const needs: ReadNeeds = {
    subject: read.subject,
    scopes: read.scopes,
    licence: read.licence?.words ?? null,
    granted: context.granted,
  }
  refuseBeforeAsking(read, needs, context.cloud)
  const record = createRecord(context)
  const request: PageRequest = {
    graph: context.graph,
    needs,
    signal: context.signal,
    tally: record.tally,
    onAnswer: record.answered,
  }
  let covered: FeedWindow | null = null
  for await (const rows of rowsOf(read, window, request, record.asked)) {
    covered ??= window && coveredOf(window, record.sourceTime(), read.subject)
    const page = record.page(rows.length)
    for (const part of partsOf(rows)) {
      const { items, reportedAt } = read.normalise(part, covered)
      record.reported(reportedAt ?? null)
      yield { page, items }
    }
  }
  if (read.isNeverEmpty && record.rows() === 0)
    throw malformed(`Microsoft Graph sent ${read.subject} without a single row.`)
  const declared = read.countPath ? await readCount(addressOf(context.graph, read.countPath), request) : null
  if (declared !== null) reconcile(record.rows(), declared, read.subject)
  return record.finish(declared, covered)
}

const rowsInPart = 100

/**
 * A page by parts, so that what is made of a row is gone before the next rows are looked at. What is made of a whole page
 * lives so long that V8 puts it among what lives on, where only its great collections find it: 170 MiB in between.
 */
function* partsOf(rows: readonly unknown[]): Generator<readonly unknown[]> {
  if (rows.length === 0) yield rows
  for (let at = 0; at < rows.length; at += rowsInPart) yield rows.slice(at, at + rowsInPart)
}

/** A clock of ours that is far ahead asks for what cannot have happened yet. */
function coveredOf(window: FeedWindow, sourceTime: Date | null, subject: string): FeedWindow {
  const covered = coveredWindow(window, sourceTime)
  if (covered) return covered
  throw new EvidenceReadFailed(
    'unavailable',
    `For Microsoft it is ${sourceTime ? minuteWords(sourceTime) : 'earlier'}, and the clock of this deployment is far ahead of that: ${subject} were asked for a time that is still to come. Set the clock right; the next run reads them.`,
  )
}

/**
 * Without the permission Graph may still answer, with fields missing that would then read as facts: not asked at all.
 */
function refuseBeforeAsking(read: EntraRead, needs: ReadNeeds, cloud: Cloud): void {
  if (!isOffered(read, cloud.id)) {
    throw new EvidenceReadFailed('unavailable', `Microsoft does not offer ${needs.subject} in this cloud.`)
  }
  if (missingScopes(needs).length > 0) throw scopeMissing(needs)
}

/** Tries the ways to ask one after the other; once a page came the way stands. */
async function* rowsOf(
  read: EntraRead,
  window: FeedWindow | null,
  request: PageRequest,
  onWay: (addresses: readonly string[]) => void,
): AsyncGenerator<readonly unknown[], void> {
  const ways = read.ways(window).map(paths => paths.map(path => addressOf(request.graph, path)))
  for (const [index, addresses] of ways.entries()) {
    let hasPage = false
    onWay(addresses)
    try {
      for (const address of addresses) {
        for await (const rows of pagesOf(read, address, request)) {
          hasPage = true
          yield rows
        }
      }
      return
    } catch (error) {
      const isRefusedQuery = error instanceof EvidenceReadFailed && error.status === 400
      if (!isRefusedQuery || hasPage || index === ways.length - 1) throw error
    }
  }
}

async function* pagesOf(
  read: EntraRead,
  address: string,
  request: PageRequest,
): AsyncGenerator<readonly unknown[], void> {
  if (read.shape === 'object') yield [await readObject(address, request)]
  else yield* readPages(address, request)
}

const addressOf = (graph: GraphReader, path: string): string => `${graph.origin}/v1.0${path}`

/** People come and go while pages are read, hence a margin: the larger of 1 % and 2 rows. */
function reconcile(rows: number, declared: number, subject: string): void {
  if (Math.abs(rows - declared) <= Math.max(declared * 0.01, 2)) return
  throw malformed(
    `Microsoft Graph counts ${declared} for ${subject}, but ${rows} came. Nothing of it is used.`,
  )
}
