import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refuseCredential } from '../../server/connectors/entra/oauth/refusals.ts'
import { gradeScopes, requiredScopes } from '../../server/connectors/entra/oauth/scopes.ts'
import { codeIn, judge, type LoginError } from '../../server/connectors/entra/oauth/token-answer.ts'

describe('grading granted scopes', () => {
  test('drops protocol scopes, the resource prefix and differences of case', () => {
    const { grant, beyondReading } = gradeScopes([
      'openid',
      'profile',
      'email',
      'Offline_Access',
      'https://graph.microsoft.com/user.read.all',
      'https://microsoftgraph.chinacloudapi.cn/AuditLog.Read.All',
      'POLICY.READ.ALL',
      'IdentityRiskyUser.Read.All',
    ])
    expect(grant).toEqual({ granted: [...requiredScopes], missing: [], excess: [] })
    expect(beyondReading).toEqual([])
  })

  test.each([
    'User.Read',
    'User.ReadBasic.All',
    'Directory.Read.All',
    'RoleManagement.Read.Directory',
    'DeviceManagementConfiguration.Read.All',
    'Calendars.Read.Shared',
  ])('%s is a read too many', scope => {
    const graded = gradeScopes([...requiredScopes, scope])
    expect(graded.grant.excess).toEqual([scope])
    expect(graded.beyondReading).toEqual([])
  })

  test.each([
    'User.ReadWrite.All',
    'Directory.AccessAsUser.All',
    'IMAP.AccessAsUser.All',
    'Sites.FullControl.All',
    'Sites.Manage.All',
    'User.ManageIdentities.All',
    'Mail.Send',
    'User.Export.All',
    'Policy.ReadWrite.ConditionalAccess',
    'user_impersonation',
  ])('%s is more than a read', scope => {
    const graded = gradeScopes([...requiredScopes, scope])
    expect(graded.beyondReading).toEqual([scope])
    expect(graded.grant.excess).toEqual([])
  })

  test('every granted scope is required, excess or beyond reading, and exactly one of them', () => {
    const scope = fc.oneof(
      fc.constantFrom(...requiredScopes),
      fc.stringMatching(/^[A-Z][a-z]{1,8}(\.[A-Z][A-Za-z]{1,10}){0,2}$/),
    )
    fc.assert(
      fc.property(fc.array(scope), answered => {
        const { grant, beyondReading } = gradeScopes(answered)
        const required = requiredScopes.filter(name => !grant.missing.includes(name))
        expect([...required, ...grant.excess, ...beyondReading].sort()).toEqual(grant.granted)
      }),
    )
  })
})

describe('judging a failed token request', () => {
  const login = (changes: Partial<LoginError>): LoginError => ({
    status: 400,
    error: null,
    suberror: null,
    code: null,
    correlationId: null,
    retryAfter: null,
    ...changes,
  })

  test.each<[Partial<LoginError>, string]>([
    [{ error: 'invalid_grant' }, 'reauthorize'],
    [{ error: 'invalid_grant', suberror: 'bad_token' }, 'reauthorize'],
    [{ error: 'interaction_required', suberror: 'basic_action' }, 'reauthorize'],
    [{ error: 'something_new', suberror: 'basic_action' }, 'reauthorize'],
    [{ error: 'invalid_client', status: 401 }, 'fix_application'],
    [{ error: 'unauthorized_client' }, 'fix_application'],
    [{ error: 'invalid_request' }, 'fix_application'],
    [{ error: 'server_error' }, 'transient'],
    [{ error: 'temporarily_unavailable' }, 'transient'],
    [{ error: 'something_new' }, 'transient'],
    [{ error: 'invalid_grant', status: 503 }, 'transient'],
    [{ error: 'invalid_client', status: 429 }, 'transient'],
    [{ status: 200 }, 'transient'],
    [{ status: null }, 'transient'],
  ])('%o means %s', (changes, verdict) => {
    expect(judge(login(changes))).toBe(verdict)
  })

  test('the number never decides, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('invalid_grant', 'invalid_client', 'server_error'),
        fc.option(fc.integer({ min: 50_000, max: 9_002_313 }).map(String)),
        (error, code) => {
          expect(judge(login({ error, code }))).toBe(judge(login({ error })))
          expect(refuseCredential(login({ error, code }))?.remedy).toBe(
            refuseCredential(login({ error }))?.remedy,
          )
        },
      ),
    )
  })

  test('the number is found in the text', () => {
    expect(codeIn('AADSTS50011: The redirect URI …')).toBe('50011')
    expect(codeIn('the user canceled the authentication')).toBeNull()
    expect(codeIn(null)).toBeNull()
  })
})
