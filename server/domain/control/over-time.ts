import type { Judgement } from './judgement.ts'

/** What a rule says at one of several instants. */
export interface JudgedAt {
  readonly at: Date
  readonly judgement: Judgement
}

/**
 * One judgement out of several, the first of now and the others of the instants at which decisions end: what is said at
 * the later ones becomes coming changes. Each one's own changes count until the next. What changes nothing is left out.
 * @param judged in order of time, at least one
 */
export function overTime([now, ...later]: readonly [JudgedAt, ...JudgedAt[]]): Judgement {
  if (later.length === 0) return now.judgement
  const stretches = [now, ...later]
  const changes = stretches.flatMap(({ at, judgement }, index) => {
    const until = stretches[index + 1]?.at
    const own = judgement.changes.filter(change => until === undefined || change.at < until)
    const { verdict, reasons } = judgement
    return index === 0 ? own : [{ at, verdict, reasons }, ...own]
  })
  return { ...now.judgement, changes: changes.filter(isChange(now.judgement)) }
}

/** Told one after the other: whether each is another than the one before, the first than what holds now. */
function isChange({ verdict, reasons }: Judgement) {
  let last = JSON.stringify({ verdict, reasons })
  return (change: Judgement['changes'][number]): boolean => {
    const text = JSON.stringify({ verdict: change.verdict, reasons: change.reasons })
    if (text === last) return false
    last = text
    return true
  }
}
