import type { DirectoryUser } from '../directory/account.ts'
import { signInActivityOf } from '../directory/activity.ts'
import { nextIndex } from '../directory/directory.ts'
import type { Role } from '../types.ts'
import { mayRead } from './access.ts'
import { sendGraphError } from './errors.ts'
import { readSkip, readTop, skipTokenAt } from './query.ts'
import { type GraphCall, sendPage } from './respond.ts'

/** GET /users. Without `$select` only Graph's default properties come, and accountEnabled is not among them. */
export function listUsers(call: GraphCall, role: Role, isGuest: boolean): void {
  if (!mayListUsers(call, isGuest)) return
  const select =
    call.url.searchParams
      .get('$select')
      ?.split(',')
      .map(name => name.trim()) ?? defaultProperties
  const unknown = select.find(name => !(name in writers) && name !== 'signInActivity')
  if (unknown !== undefined) {
    sendGraphError(
      call.res,
      400,
      'Request_BadRequest',
      `Could not find a property named '${unknown}' on type 'microsoft.graph.user'.`,
    )
    return
  }
  const wantsActivity = select.includes('signInActivity')
  if (
    wantsActivity &&
    !mayRead(call, role, { scope: 'AuditLog.Read.All', service: 'reports', licence: 'P1', needsRole: false })
  )
    return
  const top = readTop(call, wantsActivity ? 500 : 999, 100)
  const skip = top === null ? null : readSkip(call)
  if (top === null || skip === null) return
  const { directory, since, spec } = call.tenant
  // Graph hands the id out with signInActivity even when it was not selected.
  const properties = wantsActivity && !select.includes('id') ? ['id', ...select] : select
  const { rows, next } = collectUsers(call, skip, top, user => {
    const row: Record<string, unknown> = {}
    for (const name of properties) {
      if (name === 'signInActivity') {
        const activity = signInActivityOf(spec.seed, user, since, call.now)
        if (activity) row.signInActivity = activity
      } else row[name] = writers[name]?.(user, call) ?? null
    }
    return row
  })
  const wantsCount = call.url.searchParams.get('$count') === 'true' && isEventual(call)
  const context = call.url.searchParams.has('$select') ? `users(${properties.join(',')})` : 'users'
  sendPage(call, context, rows, {
    skipToken: next === null ? undefined : skipTokenAt(call, next),
    count: wantsCount ? directory.count(call.now) : undefined,
  })
}

/** GET /users/$count, which Graph only answers with `ConsistencyLevel: eventual`. */
export function countUsers(call: GraphCall, isGuest: boolean): void {
  if (!mayListUsers(call, isGuest)) return
  if (!isEventual(call)) {
    sendGraphError(
      call.res,
      400,
      'Request_BadRequest',
      "$count is not currently supported without the header 'ConsistencyLevel: eventual'.",
    )
    return
  }
  const off = call.fault?.kind === 'wrong-count' ? (call.fault.by ?? 25) : 0
  call.res.writeHead(200, {
    'content-type': 'text/plain',
    'odata-version': '4.0',
    'request-id': crypto.randomUUID(),
  })
  call.res.end(String(call.tenant.directory.count(call.now) + off))
}

/** Up to `top` accounts from a position on, made into rows, and the position after them (null at the end). */
export function collectUsers<Row>(
  call: GraphCall,
  start: number,
  top: number,
  toRow: (user: DirectoryUser) => Row | null,
): { rows: Row[]; next: number | null } {
  const { directory } = call.tenant
  const end = directory.end(call.now)
  const generatedEnd = directory.generatedEnd(call.now)
  const rows: Row[] = []
  let index = start
  for (; index < end && rows.length < top; index = nextIndex(index, generatedEnd)) {
    const user = directory.userAt(index, call.now)
    const row = user && toRow(user)
    if (row) rows.push(row)
  }
  return { rows, next: index < end ? index : null }
}

function mayListUsers(call: GraphCall, isGuest: boolean): boolean {
  if (call.scopes.has('user.read.all') && !isGuest) return true
  sendGraphError(
    call.res,
    403,
    'Authorization_RequestDenied',
    'Insufficient privileges to complete the operation.',
  )
  return false
}

function isEventual(call: GraphCall): boolean {
  return call.req.headers.consistencylevel?.toString().toLowerCase() === 'eventual'
}

const defaultProperties = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
]

const writers: Record<string, (user: DirectoryUser, call: GraphCall) => unknown> = {
  id: user => user.id,
  displayName: user => user.displayName,
  givenName: user => user.givenName,
  surname: user => user.surname,
  userPrincipalName: user => user.userPrincipalName,
  mail: user => user.mail,
  userType: user => user.userType,
  accountEnabled: user => user.accountEnabled,
  createdDateTime: user => user.createdDateTime,
  creationType: user => user.creationType,
  externalUserState: user => user.externalUserState,
  onPremisesSyncEnabled: user => user.onPremisesSyncEnabled,
  employeeHireDate: user => user.employeeHireDate,
  // Needs a scope that is outside the set: comes back as null without a word.
  employeeLeaveDateTime: () => null,
  assignedPlans: (user, call) => assignedPlans(user, call),
  businessPhones: () => [],
  jobTitle: () => null,
  mobilePhone: () => null,
  officeLocation: () => null,
  preferredLanguage: () => null,
  department: () => null,
  employeeId: () => null,
}

function assignedPlans(user: DirectoryUser, call: GraphCall) {
  if (user.class !== 'person' || !user.accountEnabled) return []
  const plan = (service: string, servicePlanId: string) => ({
    assignedDateTime: '2024-03-01T09:00:00Z',
    capabilityStatus: 'Enabled',
    service,
    servicePlanId,
  })
  const plans = [plan('exchange', 'efb87545-963c-4e0d-99df-69c6916d9eb0')]
  const licence = call.tenant.licence()
  if (licence !== 'none') plans.push(plan('AADPremiumService', '41781fb2-bc02-4b7c-bd55-b576c07bb09d'))
  if (licence === 'P2') plans.push(plan('AADPremiumService', 'eec0eb4f-6444-4f95-aba0-50c24d67f998'))
  return plans
}
