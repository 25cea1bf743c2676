import type { QueueOptions, QueuePolicy } from 'pg-boss'

/** The schema of the queue's own tables, installed with the migrations. */
export const queueSchema = 'queue'

/** Queues are created with the migrations: running processes have no right to. Options are in seconds. */
export const queueDefinitions: readonly {
  name: string
  /** Decided when the queue is made: it cannot be changed later. */
  policy?: QueuePolicy
  options: QueueOptions
}[] = [
  {
    name: 'sync',
    options: {
      retryLimit: 5,
      retryDelay: 20,
      retryBackoff: true,
      retryDelayMax: 600,
      expireInSeconds: 3 * 3600,
      heartbeatSeconds: 60,
      deleteAfterSeconds: 24 * 3600,
    },
  },
  {
    name: 'export-archive',
    options: {
      retryLimit: 5,
      retryDelay: 20,
      retryBackoff: true,
      retryDelayMax: 600,
      expireInSeconds: 6 * 3600,
      heartbeatSeconds: 60,
      deleteAfterSeconds: 24 * 3600,
    },
  },
  {
    name: 'sync-daily',
    options: {
      retryLimit: 5,
      retryDelay: 60,
      retryBackoff: true,
      retryDelayMax: 1800,
      // A million accounts take more than three hours at the pace that the source allows.
      expireInSeconds: 12 * 3600,
      heartbeatSeconds: 60,
      deleteAfterSeconds: 48 * 3600,
    },
  },
  { name: 'sweep', options: { retryLimit: 2, expireInSeconds: 900, deleteAfterSeconds: 24 * 3600 } },
  {
    // At most one waits for each organization; another may come while one is at work.
    name: 'seal',
    policy: 'short',
    options: {
      retryLimit: 5,
      retryDelay: 30,
      retryBackoff: true,
      retryDelayMax: 600,
      expireInSeconds: 900,
      deleteAfterSeconds: 3600,
    },
  },
  {
    // One delivery to a subscriber at a time, those that wait for another attempt included.
    name: 'deliver-checkpoint',
    policy: 'exclusive',
    options: {
      retryLimit: 8,
      retryDelay: 30,
      retryBackoff: true,
      retryDelayMax: 3600,
      expireInSeconds: 120,
      deleteAfterSeconds: 3600,
    },
  },
  {
    // At most one waits for each organization; another may come while one is at work.
    name: 'purge',
    policy: 'short',
    options: {
      retryLimit: 5,
      // Longer than the lease of a purge whose process was killed.
      retryDelay: 90,
      expireInSeconds: 6 * 3600,
      heartbeatSeconds: 60,
      deleteAfterSeconds: 3600,
    },
  },
  {
    // At most one waits for each organization; another may come while one is at work.
    name: 'renew-secrets',
    policy: 'short',
    options: {
      retryLimit: 5,
      retryDelay: 30,
      retryBackoff: true,
      retryDelayMax: 600,
      expireInSeconds: 3600,
      heartbeatSeconds: 60,
      deleteAfterSeconds: 3600,
    },
  },
  {
    // One message to a channel at a time; one more may wait for what comes meanwhile. How long it rests between attempts
    // is decided by the delivery itself: what is tried again here is a process that died.
    name: 'deliver-alerts',
    policy: 'stately',
    options: {
      retryLimit: 8,
      retryDelay: 30,
      retryBackoff: true,
      retryDelayMax: 3600,
      expireInSeconds: 120,
      deleteAfterSeconds: 3600,
    },
  },
  {
    // At most one look waits for each connection: it finds by itself when the next one is due.
    name: 'watch-connection',
    policy: 'short',
    options: {
      retryLimit: 5,
      retryDelay: 20,
      retryBackoff: true,
      retryDelayMax: 600,
      expireInSeconds: 120,
      deleteAfterSeconds: 3600,
    },
  },
  {
    name: 'verify-ledger',
    options: {
      retryLimit: 2,
      retryDelay: 20,
      expireInSeconds: 12 * 3600,
      heartbeatSeconds: 60,
      deleteAfterSeconds: 24 * 3600,
    },
  },
  {
    name: 'rebuild-projections',
    options: {
      retryLimit: 5,
      // Longer than the lease of a rebuild whose process was killed.
      retryDelay: 90,
      expireInSeconds: 6 * 3600,
      heartbeatSeconds: 60,
      deleteAfterSeconds: 24 * 3600,
    },
  },
]
