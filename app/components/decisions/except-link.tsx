import { Link } from '@remix-run/react'
import { useBase } from '../../lib/organization.ts'

/** The way from something that fails to the form for an exception, filled in. */
export function ExceptLink({ controlId, subject, sourceId }: ExceptLinkProps) {
  const base = useBase()
  const query = new URLSearchParams({ except: subject, exceptIn: sourceId })
  return (
    <Link to={`${base}/controls/${controlId}?${query}#request`} className="link whitespace-nowrap">
      Ask for an exception
    </Link>
  )
}

type ExceptLinkProps = {
  controlId: string
  /** `<kind>:<id>` */
  subject: string
  sourceId: string
}
