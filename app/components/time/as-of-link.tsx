import { useWithAsOf } from '../../lib/as-of.ts'
import { useIsAllowed } from '../../lib/organization.ts'
import { PageLink, type PageLinkProps } from '../ui/page-link.tsx'

/** A link inside the product that keeps the look back. To a reader who lacks the permission it `needs` it is text. */
export function AsOfLink({ needs, ...rest }: AsOfLinkProps) {
  return needs === undefined ? <KeepingLink {...rest} /> : <LinkIfAllowed {...rest} needs={needs} />
}

export type AsOfLinkProps = PageLinkProps & { needs?: string }

function LinkIfAllowed({ needs, ...rest }: PageLinkProps & { needs: string }) {
  return useIsAllowed(needs) ? <KeepingLink {...rest} /> : <span>{rest.children}</span>
}

function KeepingLink({ to, ...rest }: PageLinkProps) {
  const keep = useWithAsOf()
  return <PageLink {...rest} to={keep(to)} />
}
