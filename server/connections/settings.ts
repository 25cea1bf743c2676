import { calendarDay } from '../calendar-day.ts'
import type { ConnectorManifest } from '../connectors/contract.ts'
import { AppError } from '../errors.ts'

/** What the connect form sends. */
export interface ConnectFields {
  externalTenantId: string
  clientId: string
  clientSecret: string
  /** ISO date; the day the secret ends. */
  secretExpiresOn: string
  cloud: string
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * Checks the form and says by field what to put there.
 * @returns the fields, trimmed and in lower case where they are ids
 * @throws {AppError} bad_input
 */
export function checkConnectFields(
  fields: ConnectFields,
  manifest: ConnectorManifest,
  now: Date,
): ConnectFields {
  const externalTenantId = fields.externalTenantId.trim().toLowerCase()
  const clientId = fields.clientId.trim().toLowerCase()
  const problems: Record<string, string> = {}
  if (!guid.test(externalTenantId)) {
    problems.externalTenantId = guidWords('Directory (tenant) ID', externalTenantId)
  }
  if (!guid.test(clientId)) problems.clientId = guidWords('Application (client) ID', clientId)
  else if (clientId === externalTenantId) {
    problems.clientId =
      'This is the directory’s ID again. Copy the Application (client) ID from the app’s Overview page.'
  }
  if (!manifest.clouds.some(cloud => cloud.id === fields.cloud))
    problems.cloud = 'Pick one of the listed clouds.'
  const secretProblem = checkSecret(fields.clientSecret)
  if (secretProblem) problems.clientSecret = secretProblem
  const dateProblem = checkExpiry(fields.secretExpiresOn, now)
  if (dateProblem) problems.secretExpiresOn = dateProblem
  if (Object.keys(problems).length > 0)
    throw new AppError('bad_input', 'connect form refused', { fields: problems })
  return { ...fields, externalTenantId, clientId }
}

/** Why this cannot be a client secret's Value, or null. */
export function checkSecret(secret: string): string | null {
  if (secret === '')
    return 'Paste the client secret’s Value. The portal shows it once, right after the secret was made.'
  if (/\s/.test(secret))
    return 'The Value has no spaces or line breaks. Copy it again with the button beside it.'
  if (guid.test(secret)) {
    return 'This looks like the Secret ID. Copy the column named Value; if it is no longer shown, make a new secret.'
  }
  if (secret.length < 8 || secret.length > 256)
    return 'A client secret’s Value has between 8 and 256 characters.'
  return null
}

/** Why this cannot be the day a working secret ends, or null. */
export function checkExpiry(date: string, now: Date): string | null {
  const day = calendarDay(date)
  if (!day) return 'Give the date from the column Expires, so that we can warn you before it.'
  if (day <= now) return 'This secret has ended already. Make a new one under Certificates & secrets.'
  return null
}

const guidWords = (name: string, given: string) =>
  given === ''
    ? `Copy the ${name} from the app registration’s Overview page.`
    : `A ${name} looks like 11111111-2222-3333-4444-555555555555. Copy it from the app registration’s Overview page.`
