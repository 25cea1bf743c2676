import {
  AuthorizationRefused,
  CredentialRefused,
  type RefusalReason,
  type RefusalWords,
  type ScopeGrant,
} from '../../contract.ts'
import { causeWord, isPassing, judge, type LoginError, shownCode } from './token-answer.ts'
import { type CodeWords, whoActs, wordsForCode } from './words.ts'

/** The refusal of a connect attempt, in words for the admin. The number picks words; without a known one `error` does. */
export function refuseAuthorization(login: LoginError): AuthorizationRefused {
  const log =
    `login refused: ${login.error ?? login.status} ${login.suberror ?? ''} ${login.code ?? ''}`.trim()
  const words = wordsForCode(login.code)
  if (words) {
    return new AuthorizationRefused(words.refusal, spelledOut(words), {
      field: words.field ?? null,
      code: shownCode(login.code),
      log,
    })
  }
  const [cause, generic] = genericWords(login)
  return new AuthorizationRefused(cause, generic, { code: shownCode(login.code), log })
}

/** A stored credential was refused for good; null where the failure may pass by itself. */
export function refuseCredential(login: LoginError): CredentialRefused | null {
  const verdict = judge(login)
  if (verdict === 'transient') return null
  const words = wordsForCode(login.code)
  const explanation = words ? sentences(spelledOut(words)) : verdict === 'reauthorize' ? lost : rejected
  return new CredentialRefused(verdict, causeWord(login), explanation, { code: shownCode(login.code) })
}

/** Refuses a credential that can do more than read; it names what to take away. */
export const refuseWriteScopes = (permissions: readonly string[]): AuthorizationRefused =>
  new AuthorizationRefused('write_scope_granted', writeWords(permissions))

/** The same, found at a refresh. */
export const refuseWriteCredential = (
  permissions: readonly string[],
  intolerable: ScopeGrant,
): CredentialRefused =>
  new CredentialRefused('reauthorize', 'write_scope_granted', sentences(writeWords(permissions)), {
    intolerable,
  })

/** None of the required permissions came. */
export const refuseWithoutScopes = (required: readonly string[]): AuthorizationRefused =>
  new AuthorizationRefused('scope_missing', {
    title: 'None of the four permissions is granted',
    explanation:
      'Microsoft let the account sign in, but granted none of the permissions that the evidence is read with.',
    who: whoActs.administrator,
    remedy: [
      'Open the app registration, then API permissions, and add the delegated Microsoft Graph permissions:',
      ...required,
      'Choose "Grant admin consent", then connect again.',
    ],
  })

/** The id token is not what this attempt asked for. `detail` is for the log. */
export const refuseIdentity = (detail: string): AuthorizationRefused =>
  new AuthorizationRefused(
    'identity_mismatch',
    {
      title: 'The sign-in could not be verified',
      explanation:
        'The proof of identity that came back does not match this attempt to connect. Nothing was stored.',
      who: whoActs.account,
      remedy: ['Start again with Connect.', 'If it comes back, contact support: this should not happen.'],
    },
    { log: `identity mismatch: ${detail}` },
  )

/** The account belongs to another directory than the one in the form. */
export const refuseForeignDirectory = (): AuthorizationRefused =>
  new AuthorizationRefused(
    'wrong_tenant',
    {
      title: 'The sign-in came from another directory',
      explanation:
        'The account that signed in belongs to another directory than the one this connection is for. Nothing was stored.',
      who: whoActs.account,
      remedy: [
        'Sign in with an account of the directory in the form.',
        'To connect the other directory, add a connection of its own.',
      ],
    },
    { field: 'externalTenantId' },
  )

const spelledOut = ({ title, explanation, who, remedy }: CodeWords): RefusalWords => ({
  title,
  explanation,
  who: whoActs[who],
  remedy,
})

const sentences = ({ explanation, who, remedy }: RefusalWords): string =>
  [explanation, who, ...remedy].join(' ')

const lost = `Microsoft no longer accepts the stored authorization. ${whoActs.account} Authorize the connection again with an account that holds Security Reader.`
const rejected = `Microsoft rejects the app registration itself. ${whoActs.administrator} Check its client ID, its client secret and its redirect URI, then authorize the connection again or replace the secret.`

const writeWords = (permissions: readonly string[]): RefusalWords => ({
  title: 'The application may do more than read',
  explanation: `Attestry keeps no credential that can change a directory. This application is granted: ${permissions.join(', ')}.`,
  who: whoActs.administrator,
  remedy: [
    'Open the app registration, then API permissions.',
    `Remove ${permissions.join(', ')} and revoke its admin consent (also under Enterprise applications, Permissions).`,
    'Then authorize the connection again.',
  ],
})

const unavailable: RefusalWords = {
  title: 'Microsoft does not answer right now',
  explanation: 'The sign-in service of Microsoft did not give a usable answer.',
  who: whoActs.nobody,
  remedy: ['Try again in some minutes. Nothing has to be changed.'],
}

const startAgain: RefusalWords = {
  title: 'This sign-in cannot be used any more',
  explanation: 'The answer of Microsoft is valid for a few minutes and only once.',
  who: whoActs.account,
  remedy: ['Start again with Connect.'],
}

const consentMissing: RefusalWords = {
  title: 'Consent is missing',
  explanation: 'No administrator of the directory has granted the four read permissions to the application.',
  who: whoActs.administrator,
  remedy: [
    'Open the app registration, then API permissions, and choose "Grant admin consent".',
    'Then connect again.',
  ],
}

function genericWords(login: LoginError): readonly [RefusalReason, RefusalWords] {
  switch (login.error) {
    case 'access_denied':
      return [
        'declined',
        {
          title: 'The sign-in was cancelled',
          explanation:
            'The person who signed in cancelled, or did not accept the permissions. Nothing was stored.',
          who: whoActs.account,
          remedy: ['Connect again and accept, or ask an administrator to grant consent beforehand.'],
        },
      ]
    case 'consent_required':
      return ['consent_missing', consentMissing]
    case 'invalid_grant':
      return login.suberror === 'consent_required'
        ? ['consent_missing', consentMissing]
        : ['other', startAgain]
    case 'interaction_required':
    case 'login_required':
      return [
        'interaction_required',
        {
          title: 'Microsoft asks for another step',
          explanation: 'The directory wants something more of this account before it lets it on.',
          who: whoActs.account,
          remedy: ['Connect again and complete every step that Microsoft shows.'],
        },
      ]
    case 'invalid_client':
      return [
        'wrong_secret',
        {
          title: 'The client credentials were not accepted',
          explanation: 'Microsoft does not accept this client ID together with this client secret.',
          who: whoActs.administrator,
          remedy: ["Check the Application (client) ID and enter the secret's Value, not its Secret ID."],
        },
      ]
    case 'unauthorized_client':
      return [
        'unknown_application',
        {
          title: 'The application may not sign in here',
          explanation: 'The directory does not know this application, or does not let it sign people in.',
          who: whoActs.administrator,
          remedy: [
            'Check the Application (client) ID and the Directory (tenant) ID on the Overview page of the app registration.',
          ],
        },
      ]
    default:
      return isPassing(login)
        ? ['source_unavailable', unavailable]
        : [
            'other',
            {
              title: 'Microsoft refused the sign-in',
              explanation: 'Microsoft refused it for a reason that is not known here.',
              who: whoActs.account,
              remedy: [
                'Check the three steps on this page, then connect again.',
                'If it comes back, contact support with the code.',
              ],
            },
          ]
  }
}
