import { parseArgs } from 'node:util'
import { asc, eq } from 'drizzle-orm'
import { organizationSlug } from '../db/schema/accounts.ts'
import { AppError } from '../server/errors.ts'
import { type RebuildOutcome, rebuildProjections } from '../server/projections/rebuild/rebuild.ts'
import { requestRebuild } from '../server/projections/rebuild/requested.ts'
import type { Services } from '../server/services.ts'

export interface RebuildCommand {
  /** Null for all. */
  slug: string | null
  isCheck: boolean
  /** Leaves it to the workers. */
  isQueued: boolean
}

export const usage = `npm run rebuild -- --organization SLUG [--check] [--queue]
npm run rebuild -- --all [--check] [--queue]

Replays an organization's events beside the tables that pages are read from, compares the two row by row and mends what
differs. --check compares and changes nothing. --queue leaves it to the workers.`

/** @throws {AppError} bad_input, where the words say no one thing */
export function parseRebuildCommand(args: readonly string[]): RebuildCommand {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        organization: { type: 'string' },
        all: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        queue: { type: 'boolean', default: false },
      },
    })
    const { organization: slug = null, all, check: isCheck, queue: isQueued } = values
    if ((slug !== null) === all) throw new TypeError('Name one organization, or take all of them.')
    return { slug, isCheck, isQueued }
  } catch (error) {
    throw new AppError('bad_input', String(error), { userMessage: usage, cause: error })
  }
}

/**
 * Does what the command says, one organization after the other, and tells each as it comes.
 * @returns whether every row is as it should be by now
 */
export async function runRebuildCommand(
  services: Pick<Services, 'database' | 'clock' | 'queue'>,
  { slug, isCheck, isQueued }: RebuildCommand,
  { print, signal }: { print: (line: string) => void; signal: AbortSignal },
): Promise<boolean> {
  const organizations = await organizationsOf(services, slug)
  if (organizations.length === 0) {
    print(slug === null ? 'There is no organization yet.' : `There is no organization ${slug}.`)
    return slug === null
  }
  let isAllWell = true
  for (const { organizationId, slug } of organizations) {
    signal.throwIfAborted()
    const say = (line: string) => print(`${slug}: ${line}`)
    if (isQueued) {
      await services.database.withOrganization(organizationId, transaction =>
        requestRebuild(services, transaction, { organizationId, isCheck }),
      )
      say('left to the workers; their log says how it came out.')
      continue
    }
    isAllWell = (await rebuildOne(services, { organizationId, isCheck, signal }, say)) && isAllWell
  }
  return isAllWell
}

async function rebuildOne(
  services: Pick<Services, 'database' | 'clock'>,
  options: { organizationId: string; isCheck: boolean; signal: AbortSignal },
  say: (line: string) => void,
): Promise<boolean> {
  try {
    const outcome = await rebuildProjections(services, {
      ...options,
      onProgress: ({ applied, last }) => say(`replayed ${count(applied + 1)} of ${count(last + 1)} events`),
    })
    for (const line of inWords(outcome, options.isCheck)) say(line)
    return !options.isCheck || Object.keys(outcome.differences).length === 0
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    say(error.userMessage)
    return false
  }
}

function inWords({ position, differences }: RebuildOutcome, isCheck: boolean): string[] {
  const found = Object.entries(differences)
  if (found.length === 0) return [`every row is what the events up to position ${position} lead to.`]
  return [
    ...found.flatMap(([name, { missing, surplus, named }]) => [
      `${name}: ${count(missing)} missing, ${count(surplus)} too many; a row that differs is both.`,
      ...named.map(row => `  ${row}`),
    ]),
    isCheck
      ? 'nothing was changed.'
      : `the tables are now what the events up to position ${position} lead to.`,
  ]
}

const count = (number: number) => number.toLocaleString('en')

async function organizationsOf({ database }: Pick<Services, 'database'>, slug: string | null) {
  return database.outsideTenant
    .select()
    .from(organizationSlug)
    .where(slug === null ? undefined : eq(organizationSlug.slug, slug))
    .orderBy(asc(organizationSlug.slug))
}
