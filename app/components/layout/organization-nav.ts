import type { NavItem } from './main-nav.ts'

/** What a person may do here, as the server says it. */
export type Permissions = readonly string[]

/** The product's places below `base` that a person may open, in the order people need them; groups are set apart. */
export function organizationNav(
  base: string,
  permissions: Permissions,
  { controls, openAlerts }: { controls: number; openAlerts: number },
): NavItem[][] {
  const places: (NavItem & { needs: string })[][] = [
    [
      { needs: 'coverage:read', to: base, label: 'Overview', isExact: true },
      { needs: 'coverage:read', to: `${base}/controls`, label: 'Controls', count: controls },
      { needs: 'evidence:read', to: `${base}/evidence`, label: 'Evidence' },
      { needs: 'evidence:read', to: `${base}/accounts`, label: 'Accounts' },
      { needs: 'assessments:read', to: `${base}/assessments`, label: 'Assessments' },
      { needs: 'ledger:read', to: `${base}/audit`, label: 'Audit trail' },
      {
        needs: 'coverage:read',
        to: `${base}/alerts`,
        label: 'Alerts',
        ...(openAlerts > 0 ? { count: openAlerts, isHot: true } : {}),
      },
    ],
    [
      { needs: 'connections:read', to: `${base}/settings/integrations`, label: 'Integrations' },
      { needs: 'members:read', to: `${base}/settings/members`, label: 'Members' },
      {
        needs: 'coverage:read',
        to: `${base}/settings/organization`,
        label: 'Rules and scope',
        isExact: true,
      },
      { needs: 'coverage:read', to: `${base}/settings/organization/data`, label: 'Data' },
      { needs: 'alerts:receive', to: `${base}/settings/alerts`, label: 'Where alerts go' },
    ],
  ]
  return places
    .map(group =>
      group.filter(({ needs }) => permissions.includes(needs)).map(({ needs: _, ...place }) => place),
    )
    .filter(group => group.length > 0)
}
