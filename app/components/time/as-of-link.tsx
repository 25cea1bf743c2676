import { Link, type LinkProps, NavLink, type NavLinkProps } from '@remix-run/react'
import { useWithAsOf } from '../../lib/as-of.ts'

/** A link inside the product that keeps the look back. */
export function AsOfLink({ to, ...rest }: Omit<LinkProps, 'to'> & { to: string }) {
  const keep = useWithAsOf()
  return <Link {...rest} to={keep(to)} />
}

/** The same for navigation: it knows when it is the page being shown. */
export function AsOfNavLink({ to, ...rest }: Omit<NavLinkProps, 'to'> & { to: string }) {
  const keep = useWithAsOf()
  return <NavLink {...rest} to={keep(to)} />
}
