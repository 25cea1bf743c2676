import { inject } from 'vitest'

/**
 * What a row that is to go to another organization is refused with. A cluster moves no row to where another's lie, and
 * may say so before a policy or a guard would.
 */
export const refusedMoves = (): string[] => [
  '42501',
  ...(inject('databaseWorkers').length > 0 ? ['0A000'] : []),
]
