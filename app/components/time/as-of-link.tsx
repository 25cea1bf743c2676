import { useWithAsOf } from '../../lib/as-of.ts'
import { useIsAllowed } from '../../lib/organization.ts'
import { PageLink, type PageLinkProps } from '../ui/page-link.tsx'

/** A link inside the product that keeps the look back. To a reader who lacks the permission it `needs` it is text. */
export function AsOfLink({ to, needs, ...rest }: AsOfLinkProps) {
  const kept = useWithAsOf()(to)
  if (needs === undefined) return <PageLink {...rest} to={kept} />
  return <LinkIfAllowed {...rest} to={kept} needs={needs} />
}

export type AsOfLinkProps = PageLinkProps & { needs?: string }

function LinkIfAllowed({ needs, ...rest }: PageLinkProps & { needs: string }) {
  return useIsAllowed(needs) ? <PageLink {...rest} /> : <span>{rest.children}</span>
}
