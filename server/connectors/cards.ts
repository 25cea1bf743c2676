import { catalogue, controlsServedBy } from '../domain/control/catalogue.ts'
import { type EvidenceMode, evidenceKind } from '../domain/evidence/kinds.ts'
import { notFound } from '../errors.ts'
import type { Connector } from './contract.ts'
import { entraCard } from './entra/card.ts'

/** What a connector's page tells before connecting. */
export interface ConnectorCard {
  id: string
  name: string
  category: string
  authorizationMethod: string
  cadence: string
  summary: string
  /** Hours after which evidence of its kinds is stale. */
  staleAfterHours: number
  roles: string
  account: string
  afterRevoking: string
  redirectUri: string
  scopes: string[]
  clouds: { id: string; name: string }[]
  steps: { title: string; details: string[]; copies: { label: string; value: string }[] }[]
  reads: {
    kind: string
    title: string
    mode: EvidenceMode
    purpose: string
    scope: string
    licence: string
    request: string
    /** Names of the clouds that do not offer it. */
    absentIn: string[]
    controls: { id: string; title: string }[]
  }[]
}

/** A connector's card for this deployment, with the controls of a catalogue version. @throws {AppError} not_found */
export function connectorCard(
  connector: Connector,
  { appOrigin, catalogueVersion }: { appOrigin: string; catalogueVersion: number },
): ConnectorCard {
  const { manifest } = connector
  const words = wordsById[manifest.id]
  if (!words) throw notFound('connector')
  const redirectUri = `${appOrigin}${manifest.callbackPath}`
  const scopes = [...manifest.requiredScopes]
  const copiesOfStep = [
    [{ label: 'Redirect URI', value: redirectUri }],
    scopes.map(scope => ({ label: scope, value: scope })),
  ]
  const nameOfCloud = (id: string) => manifest.clouds.find(cloud => cloud.id === id)?.name ?? id
  const from = catalogue(catalogueVersion)
  return {
    id: manifest.id,
    name: manifest.name,
    category: manifest.category,
    authorizationMethod: manifest.authorizationMethod,
    cadence: manifest.cadence,
    summary: manifest.summary,
    staleAfterHours: Math.min(...manifest.reads.map(read => evidenceKind(read.kind).staleAfter)) / 3_600_000,
    roles: words.roles,
    account: words.account,
    afterRevoking: words.afterRevoking,
    redirectUri,
    scopes,
    clouds: manifest.clouds.map(({ id, name }) => ({ id, name })),
    steps: words.steps.map(({ title, details }, index) => ({
      title,
      details: [...details],
      copies: copiesOfStep[index] ?? [],
    })),
    reads: manifest.reads.map(({ kind, mode, purpose, scope, licence, request, absentIn }) => ({
      kind,
      title: evidenceKind(kind).title,
      mode,
      purpose,
      scope,
      licence,
      request,
      absentIn: absentIn.map(nameOfCloud),
      controls: controlsServedBy(from, kind).map(({ id, title }) => ({ id, title })),
    })),
  }
}

interface CardWords {
  readonly roles: string
  readonly account: string
  readonly afterRevoking: string
  /** The first step takes the redirect URI, the second the scopes. */
  readonly steps: readonly { readonly title: string; readonly details: readonly string[] }[]
}

const wordsById: Readonly<Record<string, CardWords>> = { entra: entraCard }
