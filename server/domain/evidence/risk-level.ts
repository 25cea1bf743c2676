import type { RiskySignInItem } from './items.ts'

/**
 * The risk of a sign-in as it was judged at the time; the aggregated level, which falls to none once the risk is
 * settled, only where that was not said. `hidden` means that the level is not shown, never that there is none.
 */
export const riskLevelOf = ({
  riskLevelDuringSignIn: during,
  riskLevelAggregated: aggregated,
}: Pick<RiskySignInItem, 'riskLevelDuringSignIn' | 'riskLevelAggregated'>): string | null =>
  during === null || during === 'none' ? aggregated : during
