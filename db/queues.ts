import type { QueueOptions } from 'pg-boss'

/** The schema of the queue's own tables, installed with the migrations. */
export const queueSchema = 'queue'

/** Queues are created with the migrations: running processes have no right to. Options are in seconds. */
export const queueDefinitions: readonly { name: string; options: Omit<QueueOptions, 'policy'> }[] = [
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
  { name: 'sweep', options: { retryLimit: 2, expireInSeconds: 900, deleteAfterSeconds: 24 * 3600 } },
]
