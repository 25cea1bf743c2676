import { useBase } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'

/** The way from something that fails to the form for an exception, filled in. */
export function ExceptLink({ controlId, subject, sourceId }: ExceptLinkProps) {
  const base = useBase()
  const query = new URLSearchParams({ except: subject, exceptIn: sourceId })
  return (
    <AsOfLink to={`${base}/controls/${controlId}?${query}#request`} className="link whitespace-nowrap">
      Ask for an exception
    </AsOfLink>
  )
}

type ExceptLinkProps = {
  controlId: string
  /** `<kind>:<id>` */
  subject: string
  sourceId: string
}
