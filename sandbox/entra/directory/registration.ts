import { type DirectoryUser, toSeconds } from './account.ts'

/**
 * One row of the authentication methods report. Disabled accounts have none, as documented, and an account
 * shows up only some hours after it was made.
 */
export function registrationDetailsOf(user: DirectoryUser, now: Date): Record<string, unknown> | null {
  if (!user.accountEnabled) return null
  const reportedAt = new Date(Math.floor(now.getTime() / (6 * 3_600_000)) * 6 * 3_600_000)
  if (user.createdDateTime !== null && Date.parse(user.createdDateTime) > reportedAt.getTime()) return null
  const isPasswordless = user.methodsRegistered.some(method => passwordless.has(method))
  return {
    id: user.id,
    userPrincipalName: user.userPrincipalName,
    userDisplayName: user.displayName ?? '',
    userType: user.userType === 'Guest' ? 'guest' : 'member',
    isAdmin: user.isAdmin,
    isSsprRegistered: user.methodsRegistered.length > 1,
    isSsprEnabled: user.class === 'person',
    isSsprCapable: user.class === 'person' && user.methodsRegistered.length > 1,
    isMfaRegistered: user.isMfaCapable,
    isMfaCapable: user.isMfaCapable,
    isPasswordlessCapable: isPasswordless,
    methodsRegistered: user.methodsRegistered,
    isSystemPreferredAuthenticationMethodEnabled: user.isMfaCapable,
    systemPreferredAuthenticationMethods: user.isMfaCapable ? ['PhoneAppNotification'] : [],
    userPreferredMethodForSecondaryAuthentication: preferredMethod(user),
    lastUpdatedDateTime: toSeconds(reportedAt),
  }
}

/** A passkey is newer than the enumeration of methods, and comes as its placeholder. */
function preferredMethod({ isMfaCapable, methodsRegistered }: DirectoryUser): string {
  if (!isMfaCapable) return 'none'
  return methodsRegistered[0] === 'fido2SecurityKey' ? 'unknownFutureValue' : 'push'
}

const passwordless = new Set([
  'microsoftAuthenticatorPasswordless',
  'windowsHelloForBusiness',
  'fido2SecurityKey',
])
