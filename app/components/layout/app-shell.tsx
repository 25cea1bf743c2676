import Menu from 'lucide-react/icons/menu'
import type { ReactNode } from 'react'
import { useAsOf } from '../../lib/as-of.ts'
import { classNames } from '../../lib/class-names.ts'
import { AsOfBanner, type AsOfBannerProps } from '../time/as-of-banner.tsx'
import { AsOfLink } from '../time/as-of-link.tsx'
import { ClockProvider } from '../time/clock-provider.tsx'
import { Logo } from '../ui/logo.tsx'
import { Popover } from '../ui/popover.tsx'
import { mainNav, type NavCounts, type NavItem } from './main-nav.ts'
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
  const menu = (
    <>
      <OrganizationSwitcher current={props.organization} others={props.organizations ?? []} />
      <SideNav groups={nav} />
      <UserMenu {...props.user} />
    </>
  )
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
        <header className="hidden border-e border-line md:block print:hidden">
          <div className="sticky top-0 flex max-h-screen min-h-screen flex-col gap-0.5 overflow-y-auto px-3 py-4">
            <AsOfLink to={base} className="mb-2 rounded-s px-2.5 py-1.5">
              <Logo />
            </AsOfLink>
            {menu}
          </div>
        </header>
        <header
          className={classNames(
            'sticky top-0 z-30 border-b px-4 py-2 md:hidden print:hidden',
            isPast ? 'border-past/35 bg-past-soft' : 'border-line bg-paper',
          )}
        >
          <Popover
            isWide
            align="start"
            summary={
              <span className="flex items-center gap-3 py-1">
                <Logo />
                <span className="min-w-0 flex-1 truncate text-end text-s text-ink-2">
                  {isPast ? (
                    <strong className="font-semibold text-past">Looking back</strong>
                  ) : (
                    props.organization.name
                  )}
                </span>
                <Menu aria-hidden className="size-5" />
                <span className="sr-only">Menu</span>
              </span>
            }
          >
            <div className="flex max-h-[calc(100dvh-5rem)] flex-col gap-0.5 overflow-y-auto p-3">{menu}</div>
          </Popover>
        </header>
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
