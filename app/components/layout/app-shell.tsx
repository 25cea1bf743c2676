import type { ReactNode } from 'react'
import { useAsOf } from '../../lib/as-of.ts'
import { AsOfBanner, type AsOfBannerProps } from '../time/as-of-banner.tsx'
import { ClockProvider } from '../time/clock-provider.tsx'
import { mainNav, type NavCounts, type NavItem } from './main-nav.ts'
import { MenuHeader } from './menu-header.tsx'
import { type OrganizationChoice, OrganizationSwitcher } from './organization-switcher.tsx'
import { SideNav } from './side-nav.tsx'
import { SkipLink } from './skip-link.tsx'
import { UserMenu, type UserMenuProps } from './user-menu.tsx'

/**
 * The frame of every page of an organization: navigation, who one is, where one is. `notice` stands above everything
 * (a simulated organization); with `asOf` the look back's banner stands above the page's content.
 */
export function AppShell(props: AppShellProps) {
  const { base, notice, asOf, children } = props
  const isPast = useAsOf() !== null || props.asOf != null
  const nav = props.nav ?? mainNav(base, props.counts)
  return (
    <>
      <SkipLink />
      {notice !== undefined ? (
        <aside
          aria-label="Notice"
          className="border-b border-stale/30 bg-stale-soft px-4 py-1.5 text-center text-xs text-ink"
        >
          {notice}
        </aside>
      ) : null}
      <div className="min-h-screen md:grid md:grid-cols-[13.5rem_minmax(0,1fr)] print:block">
        <MenuHeader base={base} name={props.organization.name} isPast={isPast}>
          <OrganizationSwitcher current={props.organization} others={props.organizations ?? []} />
          <SideNav groups={nav} />
          <UserMenu {...props.user} />
        </MenuHeader>
        <main
          id="main"
          tabIndex={-1}
          className="grid w-full max-w-310 grid-cols-[minmax(0,1fr)] content-start gap-4 p-4 outline-none md:px-8 md:pt-6 md:pb-8"
        >
          {asOf ? (
            <ClockProvider now={asOf.instant} isFrozen>
              <AsOfBanner {...asOf} />
              {children}
            </ClockProvider>
          ) : (
            children
          )}
        </main>
      </div>
    </>
  )
}

export type AppShellProps = {
  /** `/o/<organization>`: the address everything of it lies below. */
  base: string
  organization: OrganizationChoice
  /** The person's other organizations. */
  organizations?: OrganizationChoice[]
  user: UserMenuProps
  counts?: NavCounts
  /** Another navigation than the usual one. */
  nav?: NavItem[][]
  notice?: ReactNode
  /** What the page looks back at; null for now. Times below are told from there and stand still. */
  asOf?: AsOfBannerProps | null
  children: ReactNode
}
