import type { Clock } from '../../../server/clock.ts'
import { evidenceKinds, isHourly } from '../../../server/domain/evidence/kinds.ts'
import type { BenchContext, BenchDatabase } from '../bench.ts'
import { type BenchDirectory, startDirectory } from '../sync/directory.ts'
import { type BenchOffice, openOffice } from '../sync/office.ts'
import { repeatRuns } from './runs.ts'
import { playYears } from './years.ts'

const hour = 3_600_000
const days = 30

/** Hours of the month in which nothing was collected: three outages, as the plots of a lived-in organization have them. */
const silent = (run: number) => (run % 240 === 200 ? 5 : 0)

/** Start, end, and every kind that an hourly run reads; a verdict with its alert now and then comes on top. */
const eventsARun = 2 + evidenceKinds.filter(isHourly).length

export interface FullOrganization extends BenchOffice {
  directory: BenchDirectory
}

/**
 * An organization with a month of hourly runs behind it, which ends now: its directory is read once, and found the same
 * from then on.
 */
export async function openFullOrganization(
  context: BenchContext,
  database: BenchDatabase,
  users: number,
): Promise<FullOrganization> {
  const directory = await startDirectory(context, users, days)
  const clock = clockBehind(days * 24 * hour)
  const office = await openOffice(database.connect({ max: 2 }), directory, clock)
  context.defer(async () => office.close())
  await office.sync()
  const runs = days * 24 - 15
  context.say(`${runs} runs over ${days} days, ${users} users`)
  await repeatRuns(office.services.ledger, office.organizationId, {
    runs,
    signal: context.signal,
    turnEvery: 36,
    beforeRun: run => clock.jump((1 + silent(run)) * hour),
  })
  clock.catchUp()
  return { ...office, directory }
}

/** The same with a longer past: hourly runs up to now, as many as come to so many events. */
export async function openOldOrganization(
  context: BenchContext,
  database: BenchDatabase,
  { users, events }: { users: number; events: number },
): Promise<FullOrganization> {
  const runs = Math.ceil(events / eventsARun)
  const daysBehind = Math.ceil(runs / 24) + 1
  const directory = await startDirectory(context, users, daysBehind)
  const clock = clockBehind(daysBehind * 24 * hour)
  const office = await openOffice(database.connect({ max: 2 }), directory, clock)
  context.defer(async () => office.close())
  context.say(`syncing ${users} accounts`)
  await office.sync()
  clock.catchUp()
  await playYears(context, database, office, { runs, from: new Date(clock.now().getTime() - runs * hour) })
  return { ...office, directory }
}

/** The machine's clock, but behind, and never ahead of it. */
function clockBehind(milliseconds: number): Clock & { jump(by: number): void; catchUp(): void } {
  let behind = milliseconds
  const jump = (by: number) => {
    behind = Math.max(0, behind - by)
  }
  return {
    now: () => new Date(Date.now() - behind),
    sleep: async (duration, signal) => {
      signal?.throwIfAborted()
      jump(duration)
    },
    jump,
    catchUp: () => jump(behind),
  }
}
