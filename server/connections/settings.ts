import { calendarDay } from '../calendar-day.ts'
import type { ConnectField, ConnectorManifest } from '../connectors/contract.ts'
import { AppError } from '../errors.ts'

/** What the connect form sends; `secretExpiresOn` is an ISO date, the day the secret ends. */
export type ConnectFields = Record<ConnectField, string>

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
  const { fields: words } = manifest.words
  refuse('connect form refused', {
    externalTenantId: idProblem(externalTenantId, words.externalTenantId),
    clientId:
      guid.test(clientId) && clientId === externalTenantId
        ? `This is the ${words.externalTenantId.label} again. ${words.clientId.where}`
        : idProblem(clientId, words.clientId),
    cloud: manifest.clouds.some(cloud => cloud.id === fields.cloud) ? null : words.cloud.where,
    clientSecret: secretProblem(fields.clientSecret, manifest),
    secretExpiresOn: expiryProblem(fields.secretExpiresOn, manifest, now),
  })
  return { ...fields, externalTenantId, clientId }
}

/** Checks a secret that takes the place of another. @throws {AppError} bad_input by field */
export function checkSecretFields(
  fields: Pick<ConnectFields, 'clientSecret' | 'secretExpiresOn'>,
  manifest: ConnectorManifest,
  now: Date,
): void {
  refuse('secret form refused', {
    clientSecret: secretProblem(fields.clientSecret, manifest),
    secretExpiresOn: expiryProblem(fields.secretExpiresOn, manifest, now),
  })
}

function refuse(log: string, problems: Partial<Record<ConnectField, string | null>>): void {
  const found = Object.entries(problems).flatMap(([field, problem]) => (problem ? [[field, problem]] : []))
  if (found.length > 0) throw new AppError('bad_input', log, { fields: Object.fromEntries(found) })
}

function idProblem(given: string, { label, where }: { label: string; where: string }): string | null {
  if (guid.test(given)) return null
  return given === '' ? where : `A ${label} looks like 11111111-2222-3333-4444-555555555555. ${where}`
}

function secretProblem(secret: string, { words }: ConnectorManifest): string | null {
  const { where } = words.fields.clientSecret
  if (secret === '') return where
  if (/\s/.test(secret))
    return 'A client secret has no spaces or line breaks. Copy it again with the button beside it.'
  // What stands beside the secret in a portal is easily taken for it.
  if (guid.test(secret)) return `This looks like the id of a secret. ${where}`
  if (secret.length < 8 || secret.length > 256) return 'A client secret has between 8 and 256 characters.'
  return null
}

function expiryProblem(date: string, { words }: ConnectorManifest, now: Date): string | null {
  const day = calendarDay(date)
  if (!day) return words.fields.secretExpiresOn.where
  if (day <= now) return `This secret has ended already. ${words.newSecret}`
  return null
}
