/** What requests share a limit. Source: Graph "service-specific throttling limits". */
export type Bucket = 'directory' | 'activity' | 'reports' | 'protection'

/** The whole of Graph that this connector touches: each path is opened by one of the four scopes, and only read. */
const bucketByPath: Readonly<Record<string, Bucket>> = {
  '/v1.0/users': 'directory',
  '/v1.0/users/$count': 'directory',
  '/v1.0/policies/identitysecuritydefaultsenforcementpolicy': 'directory',
  '/v1.0/reports/authenticationmethods/userregistrationdetails': 'reports',
  '/v1.0/auditlogs/signins': 'reports',
  '/v1.0/identity/conditionalaccess/policies': 'protection',
  '/v1.0/identityprotection/riskyusers': 'protection',
}

/** The bucket of an address; null where the path is not one of the table. Graph's paths ignore case. */
export function bucketOf(url: URL): Bucket | null {
  const bucket = bucketByPath[url.pathname.toLowerCase()] ?? null
  return bucket === 'directory' && asksForActivity(url) ? 'activity' : bucket
}

/** One property of users is served, and limited, as a report. */
const asksForActivity = ({ searchParams }: URL): boolean =>
  [...searchParams].some(
    ([name, value]) => name.toLowerCase() === '$select' && /\bsignInActivity\b/i.test(value),
  )
