import { Link, type LinkProps, NavLink, type NavLinkProps } from '@remix-run/react'
import { useWithAsOf } from '../../lib/as-of.ts'
import { useIsAllowed } from '../../lib/organization.ts'

/** A link inside the product that keeps the look back. To a reader who lacks the permission it `needs` it is text. */
export function AsOfLink({ to, needs, ...rest }: AsOfLinkProps) {
  const keep = useWithAsOf()
  const isAllowed = useIsAllowed(needs)
  return isAllowed ? <Link {...rest} to={keep(to)} /> : <span>{rest.children}</span>
}

type AsOfLinkProps = Omit<LinkProps, 'to'> & { to: string; needs?: string }

/** The same for navigation: it knows when it is the page being shown. */
export function AsOfNavLink({ to, ...rest }: Omit<NavLinkProps, 'to'> & { to: string }) {
  const keep = useWithAsOf()
  return <NavLink {...rest} to={keep(to)} />
}
