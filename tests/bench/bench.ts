import type postgres from 'postgres'
import type { Database, DatabaseOptions } from '../../db/client.ts'
import type { EmbeddedServer } from '../../db/embedded.ts'

/**
 * One row of docs/performance.md: a figure of ours beside figures that say what this machine could do at that moment.
 * All sides run in one process, on one server and in alternation, because only their ratios mean something.
 *
 * A new row is a file in rows/ that exports one of these, and its name in benches.ts.
 */
export interface Bench<Side extends string = string> {
  /** What `npm run bench -- NAME` selects, by its beginning. */
  name: string
  /** What is measured, in the words of a table's cell. */
  measures: string
  /** The unit of every side's figure. */
  unit: string
  /** The side that is judged. */
  subject: Side
  /** None for a figure that is only shown. */
  comparisons: readonly Comparison<Side>[]
  /** Rounds that count; each side's figure is the median of its own. */
  rounds: number
  /** Rounds before those, to fill caches and prepare statements. */
  warmUp: number
  /** What the figures grow with. */
  size?: Size
  /** What is missing here to run it, in words, or null: such a row is told and left out. */
  missing?: () => string | null
  /** Brings about what `context.size` asks for and answers what measures each side. */
  setUp(context: BenchContext): Promise<Sides<Side>>
}

export interface Comparison<Side extends string = string> {
  /** Null: the goal is a limit for the subject's own figure, in its unit. */
  baseline: Side | null
  goal: number
  /**
   * What the goal is for: `at most` and `at least` look at subject / baseline, `times faster` at baseline / subject,
   * which must reach it.
   */
  direction: 'at most' | 'at least' | 'times faster'
}

export interface Size {
  /** What is counted: `events`, `users`. */
  of: string
  /** The size that is judged. */
  usual: number
  /** The sizes of the table that `--growth` prints. */
  growth: readonly number[]
}

/**
 * Measures one side once: how it comes to its figure (a time, the median of many times, a rate) is its own affair. The
 * warm-up has negative rounds. Figures of one and the same run are kept by its round.
 */
export type Measure = (round: number) => Promise<number>
export type Sides<Side extends string = string> = Record<Side, Measure>

export interface BenchContext {
  /** Of what {@link Bench.size} counts; 1 where it counts nothing. */
  size: number
  /** The run's PostgreSQL, with the settings of the embedded default: what is committed is on the disk. */
  server: EmbeddedServer
  /** A freshly migrated database, gone after the bench. */
  createDatabase(): Promise<BenchDatabase>
  /** Aborted when the run is interrupted; what was deferred runs then as well. */
  signal: AbortSignal
  /** Has something ended after the bench, however that went; the newest first. */
  defer(end: () => Promise<unknown>): void
  /** Says on stderr what takes long. */
  say(text: string): void
}

export interface BenchDatabase {
  name: string
  url: (role: Parameters<EmbeddedServer['url']>[0]) => string
  /** The product's own connections, as the app's role. */
  connect(options?: DatabaseOptions): Database
  /** A plain client as the server's administrator, whom no policy binds: for tables of the bench's own. */
  connectPlain(options?: { max?: number }): postgres.Sql
}
