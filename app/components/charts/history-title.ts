/** What a plot of up to 30 days is called: how long it is, which is less where collection began later. */
export function historyTitle({ from, to }: { from: Date; to: Date }, isPast: boolean): string {
  const hours = Math.round((to.getTime() - from.getTime()) / 3_600_000)
  const span = hours < 48 ? `${hours} hours` : `${Math.ceil(hours / 24)} days`
  return isPast ? `The ${span} before` : `Last ${span}`
}
