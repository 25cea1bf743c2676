import type { AuthorizationRefused, RefusalReason } from '../../contract.ts'

/** What an AADSTS number means, in our own sentences. Microsoft may renumber at any time: it is help text, nothing is decided on it. */
export interface CodeWords {
  readonly codes: readonly string[]
  readonly refusal: RefusalReason
  /** A short stable word for the state of a credential that stopped working. */
  readonly cause: string
  readonly field?: AuthorizationRefused['field']
  /** Who can mend it. */
  readonly who: keyof typeof whoActs
  readonly title: string
  readonly explanation: string
  readonly remedy: readonly string[]
}

/** Who has to act, as a sentence that stands before what there is to do. */
export const whoActs = {
  administrator: 'An administrator of the directory has to act.',
  account: 'Whoever signs in for this connection can do this.',
  nobody: 'Nobody has to act: it passes.',
} as const

/** The words for a number, where it is known. Reference: Microsoft Entra authentication and authorization error codes. */
export const wordsForCode = (code: string | null): CodeWords | null =>
  code === null ? null : (byCode.get(code) ?? null)

const authorizeAgain = 'Then authorize the connection again.'

const table: readonly CodeWords[] = [
  {
    codes: ['50011', '500113', '900971'],
    refusal: 'redirect_uri_missing',
    cause: 'redirect_uri_missing',
    who: 'administrator',
    title: 'The redirect URI is not registered',
    explanation:
      'Microsoft does not know this address as one of the app registration, so it will not send the sign-in back here.',
    remedy: [
      'Open the app registration, then Authentication.',
      'Under the platform Web, add the redirect URI exactly as this page shows it: same letters, no slash at the end.',
    ],
  },
  {
    codes: ['50020', '50034'],
    refusal: 'wrong_tenant',
    cause: 'account_not_in_directory',
    who: 'account',
    title: 'This account does not belong to the directory',
    explanation:
      'The account that signed in is not a member of the directory that owns the app registration.',
    remedy: [
      'Sign in with an account of that directory.',
      'If the directory (tenant) ID is a different one than you meant, correct it.',
    ],
  },
  {
    codes: ['50057'],
    refusal: 'account_not_allowed',
    cause: 'account_disabled',
    who: 'administrator',
    title: 'The account is disabled',
    explanation: 'The account that carries this connection has been disabled in the directory.',
    remedy: ['Enable it again, or choose another account with the role Security Reader.', authorizeAgain],
  },
  {
    codes: ['50055'],
    refusal: 'interaction_required',
    cause: 'password_expired',
    who: 'account',
    title: 'The password has expired',
    explanation:
      'The account that carries this connection has to choose a new password before Microsoft lets it on.',
    remedy: ['Change the password of the account.', authorizeAgain],
  },
  {
    codes: ['50072', '50079'],
    refusal: 'interaction_required',
    cause: 'mfa_registration_required',
    who: 'account',
    title: 'A second factor has to be registered',
    explanation: 'The directory now asks this account for a second factor, and it has none yet.',
    remedy: ['Register a second factor for the account.', authorizeAgain],
  },
  {
    codes: ['50074', '50076'],
    refusal: 'interaction_required',
    cause: 'mfa_required',
    who: 'account',
    title: 'A second factor is asked for',
    explanation:
      'A policy of the directory now asks this account for a second factor, which only a person can give.',
    remedy: [
      'Authorize the connection again and complete the second factor.',
      'If it comes back, look for a conditional access policy that ties the account to a place or a device.',
    ],
  },
  {
    codes: ['50078'],
    refusal: 'interaction_required',
    cause: 'mfa_expired',
    who: 'account',
    title: 'The second factor has to be renewed',
    explanation:
      'The directory accepts a second factor only for a limited time, and that time is over for this account.',
    remedy: [
      'Authorize the connection again.',
      'A sign-in frequency policy that covers this application will end it again and again.',
    ],
  },
  {
    codes: ['50105'],
    refusal: 'account_not_allowed',
    cause: 'assignment_required',
    who: 'administrator',
    title: 'The account is not assigned to the application',
    explanation: 'The application is limited to assigned people, and this account is not one of them.',
    remedy: [
      'Open Enterprise applications, choose the application, then Users and groups.',
      'Assign the account, or turn off "Assignment required" under Properties.',
      authorizeAgain,
    ],
  },
  {
    codes: ['50173'],
    refusal: 'interaction_required',
    cause: 'session_revoked',
    who: 'account',
    title: 'The session was revoked',
    explanation:
      'An administrator or the account itself signed out everywhere, or an administrator reset the password.',
    remedy: ['Authorize the connection again.'],
  },
  {
    codes: ['50194'],
    refusal: 'wrong_tenant',
    cause: 'wrong_directory',
    field: 'externalTenantId',
    who: 'account',
    title: 'The directory ID is not the one of the app registration',
    explanation: 'The app registration serves a single directory, and the sign-in went to another place.',
    remedy: ['Copy the Directory (tenant) ID from the Overview page of the app registration.'],
  },
  {
    codes: ['50196'],
    refusal: 'source_unavailable',
    cause: 'loop_detected',
    who: 'account',
    title: 'Microsoft stopped a repeated request',
    explanation: 'Microsoft saw the same request too often in a short time and paused the application.',
    remedy: ['Wait some minutes, then authorize the connection again.'],
  },
  {
    codes: ['53003'],
    refusal: 'account_not_allowed',
    cause: 'blocked_by_policy',
    who: 'administrator',
    title: 'Conditional access blocks the sign-in',
    explanation:
      'A conditional access policy of the directory does not let this account use the application from here.',
    remedy: [
      'Look up the sign-in in the sign-in log of the directory: it names the policy.',
      'Except the application or the account from it, or use an account that it permits.',
      authorizeAgain,
    ],
  },
  {
    codes: ['530035'],
    refusal: 'account_not_allowed',
    cause: 'blocked_by_security_defaults',
    who: 'account',
    title: 'Security defaults block the sign-in',
    explanation: 'The security defaults of the directory did not accept the way this account signed in.',
    remedy: ['Sign in interactively with a second factor.', authorizeAgain],
  },
  {
    codes: ['54005'],
    refusal: 'other',
    cause: 'code_reused',
    who: 'account',
    title: 'This sign-in was already used',
    explanation: 'The answer of Microsoft can be used only once. Usually the page was loaded a second time.',
    remedy: ['Start again with Connect.'],
  },
  {
    codes: ['65001'],
    refusal: 'consent_missing',
    cause: 'consent_withdrawn',
    who: 'administrator',
    title: 'Consent is missing',
    explanation:
      'No administrator of the directory has granted the four read permissions to the application, or the grant was withdrawn.',
    remedy: [
      'Open the app registration, then API permissions.',
      'Check that the four delegated Microsoft Graph permissions are listed, and choose "Grant admin consent".',
      authorizeAgain,
    ],
  },
  {
    codes: ['65004'],
    refusal: 'declined',
    cause: 'consent_declined',
    who: 'account',
    title: 'The permissions were declined',
    explanation: 'The person who signed in did not accept the permissions.',
    remedy: ['Start again and accept, or ask an administrator to grant consent beforehand.'],
  },
  {
    codes: ['65005', '650056'],
    refusal: 'consent_missing',
    cause: 'permissions_not_configured',
    who: 'administrator',
    title: 'The app registration lacks the permissions',
    explanation:
      'The app registration does not list the permissions that were asked for, or nobody has consented to them.',
    remedy: [
      'Open the app registration, then API permissions.',
      'Add the four delegated Microsoft Graph permissions that this page lists, and choose "Grant admin consent".',
      'Check that the Application (client) ID is the one of this registration.',
    ],
  },
  {
    codes: ['700005'],
    refusal: 'wrong_tenant',
    cause: 'wrong_directory',
    field: 'externalTenantId',
    who: 'account',
    title: 'The sign-in belongs to another directory',
    explanation: 'The sign-in was answered for a directory other than the one in the form.',
    remedy: ['Check the Directory (tenant) ID, then start again.'],
  },
  {
    codes: ['70000'],
    refusal: 'interaction_required',
    cause: 'token_invalid',
    who: 'account',
    title: 'The authorization is no longer valid',
    explanation: 'Microsoft does not accept the stored authorization any more.',
    remedy: ['Authorize the connection again.'],
  },
  {
    codes: ['70001', '7000112'],
    refusal: 'unknown_application',
    cause: 'application_disabled',
    who: 'administrator',
    title: 'The application is disabled',
    explanation: 'Sign-in to the application has been turned off in the directory.',
    remedy: [
      'Open Enterprise applications, choose the application, then Properties.',
      'Set "Enabled for users to sign in" to Yes.',
      authorizeAgain,
    ],
  },
  {
    codes: ['700016'],
    refusal: 'unknown_application',
    cause: 'application_not_found',
    field: 'clientId',
    who: 'account',
    title: 'The directory does not know this application',
    explanation:
      'There is no application with this client ID in this directory: one of the two IDs belongs elsewhere, or the cloud is another one.',
    remedy: [
      'Copy both the Application (client) ID and the Directory (tenant) ID from the Overview page of the app registration.',
    ],
  },
  {
    codes: ['70008', '700082'],
    refusal: 'interaction_required',
    cause: 'token_idle',
    who: 'account',
    title: 'The authorization expired unused',
    explanation:
      'The authorization was not used for so long that Microsoft let it expire (a sign-in after minutes, a connection after 90 days).',
    remedy: ['Authorize the connection again.'],
  },
  {
    codes: ['70011'],
    refusal: 'other',
    cause: 'scope_not_known',
    field: 'cloud',
    who: 'account',
    title: 'Microsoft does not know a requested permission',
    explanation:
      'The permissions that were asked for do not exist where the request went. The directory may live in another cloud.',
    remedy: ['Check the cloud of the directory, then start again.'],
  },
  {
    codes: ['70043'],
    refusal: 'interaction_required',
    cause: 'sign_in_frequency',
    who: 'administrator',
    title: 'A sign-in frequency policy ended the session',
    explanation:
      'A conditional access policy makes this account sign in anew after a set time, which ends unattended collection each time.',
    remedy: [
      'Except the application from the sign-in frequency policy, or use an account that the policy does not cover.',
      authorizeAgain,
    ],
  },
  {
    codes: ['7000215'],
    refusal: 'wrong_secret',
    cause: 'secret_wrong',
    field: 'clientSecret',
    who: 'administrator',
    title: 'The client secret is wrong',
    explanation:
      'Microsoft does not accept this secret. Most often the Secret ID was copied instead of the Value.',
    remedy: [
      'Open the app registration, then Certificates & secrets.',
      "Enter the secret's Value. It is shown only once: if it is gone, create a new secret and enter its Value.",
    ],
  },
  {
    codes: ['7000218'],
    refusal: 'redirect_uri_missing',
    cause: 'platform_wrong',
    who: 'administrator',
    title: 'The redirect URI is on the wrong platform',
    explanation:
      'Microsoft takes the application for one without a secret, because the redirect URI is registered under another platform than Web.',
    remedy: ['Open the app registration, then Authentication.', 'Move the redirect URI to the platform Web.'],
  },
  {
    codes: ['7000222'],
    refusal: 'expired_secret',
    cause: 'secret_expired',
    field: 'clientSecret',
    who: 'administrator',
    title: 'The client secret has expired',
    explanation: 'The client secret of the app registration is past its expiry date.',
    remedy: [
      'Open the app registration, then Certificates & secrets, and create a new client secret.',
      'Enter its Value here with its expiry date.',
    ],
  },
  {
    codes: ['90002'],
    refusal: 'wrong_tenant',
    cause: 'directory_not_found',
    field: 'externalTenantId',
    who: 'account',
    title: 'There is no such directory',
    explanation: 'Microsoft does not know this directory ID in the chosen cloud.',
    remedy: [
      'Copy the Directory (tenant) ID from the Overview page of the app registration.',
      'Check the cloud.',
    ],
  },
  {
    codes: ['90038', '900432'],
    refusal: 'wrong_tenant',
    cause: 'wrong_cloud',
    field: 'cloud',
    who: 'account',
    title: 'The directory lives in another cloud',
    explanation: 'The directory belongs to one of the other Microsoft clouds than the one that was chosen.',
    remedy: ['Choose the cloud of the directory, then start again.'],
  },
  {
    codes: ['90033', '90055'],
    refusal: 'source_unavailable',
    cause: 'source_unavailable',
    who: 'nobody',
    title: 'Microsoft does not answer right now',
    explanation: 'The sign-in service of Microsoft is overloaded or down for the moment.',
    remedy: ['Try again in some minutes. Nothing has to be changed.'],
  },
  {
    codes: ['90094', '90095'],
    refusal: 'consent_missing',
    cause: 'admin_consent_required',
    who: 'administrator',
    title: 'An administrator has to consent',
    explanation:
      'The permissions need the consent of an administrator, and the account that signed in cannot give it.',
    remedy: [
      'Ask an administrator to open the app registration, then API permissions, and to choose "Grant admin consent".',
      'Afterwards an account with the role Security Reader is enough to connect.',
    ],
  },
  {
    codes: ['9002313'],
    refusal: 'other',
    cause: 'request_malformed',
    who: 'account',
    title: 'Microsoft could not read the request',
    explanation: 'Something of the request was cut off or damaged on its way.',
    remedy: ['Start again. If it comes back, contact support with the code.'],
  },
  {
    codes: ['501481'],
    refusal: 'other',
    cause: 'verifier_mismatch',
    who: 'account',
    title: 'The sign-in does not belong to this attempt',
    explanation:
      'The answer of Microsoft belongs to another attempt to connect than the one that is open here.',
    remedy: ['Start again with Connect, in a single tab.'],
  },
]

const byCode = new Map(table.flatMap(words => words.codes.map(code => [code, words] as const)))
