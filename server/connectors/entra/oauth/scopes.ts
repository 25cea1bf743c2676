import type { ScopeGrant } from '../../contract.ts'

/** Exactly what is asked for, in every cloud. All four only read. */
export const requiredScopes = [
  'AuditLog.Read.All',
  'IdentityRiskyUser.Read.All',
  'Policy.Read.All',
  'User.Read.All',
] as const

interface GradedScopes {
  readonly grant: ScopeGrant
  /** Permissions that can do more than read: a credential that carries one is not kept. */
  readonly beyondReading: readonly string[]
}

/**
 * Grades the scopes of a token answer. Tokens are additive: they list every delegated Graph permission granted to
 * this application and account, not only the requested ones, so that both gaps and surplus show.
 */
export function gradeScopes(answered: readonly string[]): GradedScopes {
  const granted = [
    ...new Set(answered.map(canonical).filter(scope => !protocolScopes.has(scope.toLowerCase()))),
  ].sort()
  const surplus = granted.filter(scope => !requiredByKey.has(scope.toLowerCase()))
  return {
    grant: {
      granted,
      missing: requiredScopes.filter(scope => !granted.includes(scope)),
      excess: surplus.filter(isPlainRead),
    },
    beyondReading: surplus.filter(scope => !isPlainRead(scope)),
  }
}

const protocolScopes = new Set(['', 'openid', 'profile', 'email', 'offline_access'])
const requiredByKey = new Map<string, string>(requiredScopes.map(scope => [scope.toLowerCase(), scope]))

function canonical(scope: string): string {
  const name = scope.trim().replace(/^https:\/\/[^/]+\//i, '')
  return requiredByKey.get(name.toLowerCase()) ?? name
}

/**
 * `Resource.Action.Constraint`: what a permission may do stands after the first dot, so that
 * `RoleManagement.Read.Directory` is a read and `Sites.Manage.All` is not.
 */
function isPlainRead(scope: string): boolean {
  const actions = scope.slice(scope.indexOf('.')).toLowerCase()
  return actions.includes('.read') && !/write|\.manage|fullcontrol|accessasuser|send/.test(actions)
}
