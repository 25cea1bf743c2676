import type { Source } from './read-sources.ts'

/**
 * Sources as a plot over time begins with them: for an auditor not before the period. What holds at the asked moment
 * stays as it is: only the way there is cut.
 */
export const sourcesSince = <S extends Source>(sources: readonly S[], earliest: Date | null): S[] =>
  sources.map(source => (earliest && source.since < earliest ? { ...source, since: earliest } : source))
