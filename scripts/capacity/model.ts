/** What one deployment is asked to hold. */
export interface Demand {
  readonly organizations: number
  /** Accounts in each one's directory. */
  readonly users: number
  /** The share of accounts of which something changes in a day. */
  readonly dailyChange: number
  readonly retentionYears: number
  /** People of each organization who look at pages, and how many each opens in a working day of eight hours. */
  readonly readers: number
  readonly pagesPerReader: number
}

export const usualDemand: Omit<Demand, 'organizations' | 'users'> = {
  dailyChange: 0.01,
  retentionYears: 7,
  readers: 5,
  pagesPerReader: 40,
}

/** What was measured, on a machine of two cores on which client, server and source share the time. */
export interface Measured {
  readonly machine: string
  /** Seconds of an hourly sync in which nothing changed, at two sizes or more, by users. */
  readonly syncSeconds: ReadonlyMap<number, number>
  /** Events that such a sync appends, and bytes of tables and indexes that it takes. */
  readonly syncEvents: number
  readonly syncBytes: number
  /** Bytes that an account takes when it is new or changed. */
  readonly accountBytes: number
  /** Single events a second, 16 connections. */
  readonly appends: number
  /** Overviews a second, signed in, one process; null where it was not measured. */
  readonly pages: number | null
}

/** Documented by Microsoft, for an app in a tenant (learn.microsoft.com/graph/throttling-limits). */
export const graphLimits = {
  /** Reports such as the registration of second factors: requests in 10 s. */
  reportsPerTenSeconds: 5,
  /** Risk and conditional access: requests a second. */
  protectionPerSecond: 1,
  /** Users: resource units in 10 s of a tenant with more than 500 users; a page of selected properties costs one. */
  userUnitsPerTenSeconds: 8_000,
}

/** Rows of a page, as the connector asks for them. */
export const graphPages = { users: 999, registrations: 999 }

/** One PostgreSQL that can be had from every large provider: 64 cores and 16 TiB, of which a fifth stays free. */
export const oneDatabase = { cores: 64, bytes: 0.8 * 16 * 2 ** 40 }

/** Of a core, so much is used before waiting times grow. */
const load = 0.6
const hour = 3_600
const day = 24

export interface Capacity {
  readonly syncsPerSecond: number
  readonly graph: {
    readonly requestsPerSync: number
    readonly requestsPerSecond: number
    /** Seconds that a sync takes at least within the limits of its own tenant. */
    readonly secondsPerSync: number
    /** The directory whose sync just ends within the hour. */
    readonly largestDirectory: number
  }
  readonly eventsPerDay: number
  readonly bytesPerDay: number
  readonly bytesOverRetention: number
  readonly pagesPerSecondAtPeak: number
  readonly workerCores: number
  /** Null where pages were not measured. */
  readonly webCores: number | null
  /** At most: as if every second of a sync were the database's. */
  readonly databaseCores: number
  readonly appendsPerSecond: number
  /** Shares of what one PostgreSQL gives; what is above 1 needs more than one. The largest first. */
  readonly shares: readonly { readonly resource: string; readonly share: number }[]
}

/** Works out what a demand takes, from what was measured. */
export function capacityOf(demand: Demand, measured: Measured): Capacity {
  const { organizations, users, dailyChange, retentionYears } = demand
  const syncsPerSecond = organizations / hour
  const secondsOfSync = syncSecondsAt(users, measured.syncSeconds)
  const workerCores = (syncsPerSecond * secondsOfSync) / load
  const bytesPerDay = organizations * (day * measured.syncBytes + users * dailyChange * measured.accountBytes)
  const bytesOverRetention =
    organizations * users * measured.accountBytes + bytesPerDay * 365.25 * retentionYears
  const appendsPerSecond = syncsPerSecond * measured.syncEvents
  // Half of a day's pages are opened in two of its eight hours.
  const pagesPerSecondAtPeak = (organizations * demand.readers * demand.pagesPerReader * 0.5) / (2 * hour)
  const shares = [
    { resource: 'database storage', share: bytesOverRetention / oneDatabase.bytes },
    { resource: 'database processors', share: workerCores / oneDatabase.cores },
    { resource: 'appends', share: appendsPerSecond / (measured.appends * (oneDatabase.cores / 2)) },
  ].sort((one, other) => other.share - one.share)
  const requestsPerSync = requestsOf(users)
  return {
    syncsPerSecond,
    graph: {
      requestsPerSync,
      requestsPerSecond: syncsPerSecond * requestsPerSync,
      secondsPerSync: graphSeconds(users),
      largestDirectory: largestDirectory(),
    },
    eventsPerDay: organizations * day * measured.syncEvents,
    bytesPerDay,
    bytesOverRetention,
    pagesPerSecondAtPeak,
    workerCores,
    webCores: measured.pages === null ? null : pagesPerSecondAtPeak / measured.pages / load,
    databaseCores: workerCores,
    appendsPerSecond,
    shares,
  }
}

/** On the line through the measured sizes on either side; below the smallest as long as that one. */
function syncSecondsAt(users: number, seconds: Measured['syncSeconds']): number {
  const points = [...seconds].sort(([one], [other]) => one - other)
  const pairs = points.slice(1).map((upper, index) => [points[index] ?? upper, upper] as const)
  const pair = pairs.find(([, [size]]) => users <= size) ?? pairs.at(-1)
  if (!pair) throw new RangeError('Syncs must have been measured at two sizes.')
  const [[low, lowSeconds], [high, highSeconds]] = pair
  return Math.max(lowSeconds, lowSeconds + ((highSeconds - lowSeconds) * (users - low)) / (high - low))
}

/** Accounts and their registrations by pages; policies, risky accounts, risky sign-ins and the defaults one each. */
const requestsOf = (users: number) =>
  Math.ceil(users / graphPages.users) + Math.ceil(users / graphPages.registrations) + 4

/** Kinds are read side by side: the slowest one says how long it takes. */
const graphSeconds = (users: number) =>
  Math.max(
    (10 * Math.ceil(users / graphPages.registrations)) / graphLimits.reportsPerTenSeconds,
    3 / graphLimits.protectionPerSecond,
    (10 * Math.ceil(users / graphPages.users)) / graphLimits.userUnitsPerTenSeconds,
  )

const largestDirectory = () =>
  Math.floor((hour * graphLimits.reportsPerTenSeconds) / 10) * graphPages.registrations
