import { setTimeout as pause } from 'node:timers/promises'
import type { Ledger } from './ledger.ts'

/** Milliseconds between two looks at a head. Appends send no notice: one inside of them halves what they manage. */
const interval = 1_000

type Looks = Map<string, Promise<number>>

/** The look at each organization's head that is due next, in this process. */
const looks = new WeakMap<Ledger, Looks>()

/**
 * Yields the organization's newest position, once at the beginning and then whenever it has moved, and ends with the
 * signal. However many pages watch, a process looks once for all of them; what another process appended is seen alike.
 * @throws what the database throws: who watches is told that nothing is seen any more
 */
export async function* watchHead(
  ledger: Ledger,
  organizationId: string,
  signal: AbortSignal,
): AsyncGenerator<number> {
  let seen: number | null = null
  let newest = await look(ledger, organizationId)
  while (!signal.aborted) {
    if (newest !== seen) yield newest
    seen = newest
    newest = await nextLook(ledger, organizationId)
  }
}

const look = async (ledger: Ledger, organizationId: string): Promise<number> =>
  (await ledger.resolve(organizationId, { kind: 'now' })).position

/** Whoever asks before it has begun shares it. */
function nextLook(ledger: Ledger, organizationId: string): Promise<number> {
  const ofLedger: Looks = looks.get(ledger) ?? new Map()
  looks.set(ledger, ofLedger)
  const known = ofLedger.get(organizationId)
  if (known) return known
  const next = pause(interval).then(() => {
    ofLedger.delete(organizationId)
    return look(ledger, organizationId)
  })
  ofLedger.set(organizationId, next)
  // Those who waited for it may all be gone.
  next.catch(() => undefined)
  return next
}
