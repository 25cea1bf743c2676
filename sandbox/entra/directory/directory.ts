import type { UserPatch } from '../types.ts'
import { type DirectorySpec, type DirectoryUser, firstAdded } from './account.ts'
import type { ChurnCalendar } from './churn.ts'
import { generateUser, pickPeopleWithoutMfa } from './generate.ts'
import { indexOfUserId } from './hash.ts'

export interface Directory {
  /** The account at this position, or null when it has not joined yet or is gone. */
  userAt(index: number, now: Date): DirectoryUser | null
  /** The account as the seed alone has it: changes made from outside do not rewrite what it did before. */
  generatedAt(index: number, now: Date): DirectoryUser | null
  /** One past the last position that may hold an account, generated or added. */
  end(now: Date): number
  /** One past the last generated position. */
  generatedEnd(now: Date): number
  count(now: Date): number
  /** Position of an object id, or -1. */
  indexOf(id: string): number
  setUser(index: number, patch: UserPatch): void
  removeUser(index: number): void
  /** Adds an account past the generated ones and gives its position. */
  addUser(patch: UserPatch): number
}

/**
 * A directory in which every account is computed from the seed, its position and the instant, so that a
 * million accounts cost no memory; only overrides are held.
 */
export function createDirectory(spec: DirectorySpec, churn: ChurnCalendar): Directory {
  const patches = new Map<number, UserPatch>()
  const removed = new Set<number>()
  const withoutMfa = pickPeopleWithoutMfa(spec)
  let additions = 0

  const generatedAt = (index: number, now: Date): DirectoryUser | null => {
    const end = index >= firstAdded ? firstAdded + additions : churn.end(now)
    return index >= end || churn.isGone(index, now) ? null : generateUser(spec, churn, index, now, withoutMfa)
  }

  return {
    generatedAt,
    userAt(index, now) {
      const user = removed.has(index) ? null : generatedAt(index, now)
      const patch = patches.get(index)
      return user && patch ? { ...user, ...patch } : user
    },
    end: now => (additions > 0 ? firstAdded + additions : churn.end(now)),
    generatedEnd: churn.end,
    count(now) {
      let gone = churn.goneCount(now)
      for (const index of removed) {
        if (index < firstAdded && index < churn.end(now) && !churn.isGone(index, now)) gone += 1
        if (index >= firstAdded) gone += 1
      }
      return churn.end(now) + additions - gone
    },
    indexOf: id => indexOfUserId(spec.seed, id),
    setUser: (index, patch) => void patches.set(index, { ...patches.get(index), ...patch }),
    removeUser: index => void removed.add(index),
    addUser(patch) {
      const index = firstAdded + additions
      additions += 1
      patches.set(index, patch)
      return index
    },
  }
}

/** The next position to look at; jumps from the generated accounts to the added ones. */
export function nextIndex(index: number, generatedEnd: number): number {
  return index + 1 >= generatedEnd && index < firstAdded ? firstAdded : index + 1
}
