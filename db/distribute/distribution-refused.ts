/** Why nothing may be changed, or what went wrong, in words for who runs it. */
export class DistributionRefused extends Error {}
