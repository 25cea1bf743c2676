import type { ChurnSpec } from '../types.ts'
import { hash } from './hash.ts'

export const day = 86_400_000

/** Who joins and leaves when. Everything is computed from the seed, so any instant can be asked in any order. */
export interface ChurnCalendar {
  /** One past the last generated position that has joined by this instant. */
  end(now: Date): number
  joinAt(index: number): Date | undefined
  /** When the account is disabled; it is deleted 30 days after. */
  leaveAt(index: number): Date | undefined
  isGone(index: number, now: Date): boolean
  goneCount(now: Date): number
}

/** The calendar of a directory in which nobody moves. */
export function noChurn(size: number): ChurnCalendar {
  return {
    end: () => size,
    joinAt: () => undefined,
    leaveAt: () => undefined,
    isGone: () => false,
    goneCount: () => 0,
  }
}

/** Joiners take new positions at the end; leavers are drawn from the generated people. */
export function createChurn(
  spec: { seed: number; size: number; since: Date; isLeaverAllowed: (index: number) => boolean },
  churn: ChurnSpec,
): ChurnCalendar {
  const { seed, size, since } = spec
  const joinerEvery = (churn.joinerEveryDays ?? 4) * day
  const leaverEvery = (churn.leaverEveryDays ?? 6) * day
  const leaves = new Map<number, Date>()
  let leaversDrawn = 0

  const joinTime = (order: number) =>
    since.getTime() + (order + 0.2 + (hash(seed, order, 31) % 600) / 1000) * joinerEvery

  // Drawn in order up to a horizon, so that a position knows its own leaving date.
  const drawLeavers = (until: number) => {
    while (leaversDrawn < size / 2) {
      const at = since.getTime() + (leaversDrawn + 0.5) * leaverEvery
      if (at > until) return
      const index = drawLeaver(leaversDrawn)
      if (index !== undefined) leaves.set(index, new Date(at))
      leaversDrawn += 1
    }
  }
  const drawLeaver = (order: number): number | undefined => {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const index = hash(seed, order, 32, attempt) % size
      if (!leaves.has(index) && spec.isLeaverAllowed(index)) return index
    }
    return undefined
  }
  const isGone = (index: number, now: Date) => {
    const leave = leaves.get(index)
    return leave !== undefined && now.getTime() >= leave.getTime() + 30 * day
  }

  return {
    end(now) {
      drawLeavers(now.getTime())
      let joined = Math.max(0, Math.floor((now.getTime() - since.getTime()) / joinerEvery))
      if (now >= since && joinTime(joined) <= now.getTime()) joined += 1
      return size + joined
    },
    joinAt: index => (index >= size ? new Date(joinTime(index - size)) : undefined),
    leaveAt: index => leaves.get(index),
    isGone,
    goneCount(now) {
      drawLeavers(now.getTime())
      let gone = 0
      for (const index of leaves.keys()) if (isGone(index, now)) gone += 1
      return gone
    },
  }
}
