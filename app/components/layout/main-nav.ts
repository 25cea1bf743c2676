/** One place of the side navigation. `hot` counts want attention. */
export type NavItem = { to: string; label: string; count?: number; isHot?: boolean; isExact?: boolean }

/** Whether an address is the place itself, or a page below it. */
export const isAt = ({ to, isExact }: Pick<NavItem, 'to' | 'isExact'>, pathname: string): boolean =>
  pathname === to || pathname === `${to}/` || (!isExact && pathname.startsWith(`${to}/`))

export type NavCounts = { controls?: number; assessments?: number; alerts?: number }

/** The product's places below `base` (`/o/<organization>`), in the order people need them; groups are set apart. */
export function mainNav(base: string, counts: NavCounts = {}): NavItem[][] {
  return [
    [
      { to: base, label: 'Overview', isExact: true },
      { to: `${base}/controls`, label: 'Controls', ...count(counts.controls) },
      { to: `${base}/evidence`, label: 'Evidence' },
      { to: `${base}/accounts`, label: 'Accounts' },
      { to: `${base}/assessments`, label: 'Assessments', ...count(counts.assessments) },
      { to: `${base}/audit`, label: 'Audit trail' },
      { to: `${base}/alerts`, label: 'Alerts', ...count(counts.alerts), isHot: (counts.alerts ?? 0) > 0 },
    ],
    [
      { to: `${base}/settings/integrations`, label: 'Integrations' },
      { to: `${base}/settings/members`, label: 'Members' },
      { to: `${base}/settings/organization`, label: 'Settings' },
    ],
  ]
}

function count(value: number | undefined) {
  return value ? { count: value } : {}
}
