import type { AnchorHTMLAttributes } from 'react'

/**
 * A link inside the product: an anchor, and nothing that a page of a hundred of them would pay for a hundred times. What
 * a click on one does is decided once, by `PageLinks`.
 * @param isPrefetched loads what the page needs as soon as the link is pointed at
 * @param keepsScroll the page stays where it is, as for another order of a table
 */
export function PageLink({ to, isPrefetched, keepsScroll, ...rest }: PageLinkProps) {
  return (
    // What stands between the tags is the caller's.
    <a
      {...rest}
      href={to}
      data-page-link={keepsScroll ? 'keeps-scroll' : ''}
      data-prefetch={isPrefetched ? '' : undefined}
    />
  )
}

export type PageLinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & {
  /** An address of the product; `?…` is this page with another query. */
  to: string
  isPrefetched?: boolean
  keepsScroll?: boolean
}
