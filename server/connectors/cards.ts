import { catalogue, controlsServedBy } from '../domain/control/catalogue.ts'
import { type Cadence, type EvidenceKind, type EvidenceMode, evidenceKind } from '../domain/evidence/kinds.ts'
import type { Connector, ConnectorManifest, ConnectorWords } from './contract.ts'

/** What a connector's page tells before connecting. */
export interface ConnectorCard extends Omit<ConnectorWords, 'steps'> {
  id: string
  name: string
  category: string
  authorizationMethod: string
  cadence: string
  summary: string
  /** Hours after which the first of its kinds is stale. */
  staleAfterHours: number
  redirectUri: string
  scopes: string[]
  clouds: { id: string; name: string }[]
  steps: { title: string; details: string[]; copies: { label: string; value: string }[] }[]
  reads: {
    kind: string
    title: string
    mode: EvidenceMode
    cadence: Cadence
    /** Hours after which this kind is stale. */
    staleAfterHours: number
    purpose: string
    scopes: string[]
    /** The plan that the source asks for it, in words; null for none. */
    licence: string | null
    request: string
    /** Names of the clouds that do not offer it. */
    absentIn: string[]
    controls: { id: string; title: string }[]
  }[]
}

/** A connector's card for this deployment, with the controls of a catalogue version. */
export function connectorCard(
  { manifest }: Connector,
  { appOrigin, catalogueVersion }: { appOrigin: string; catalogueVersion: number },
): ConnectorCard {
  const { id, name, category, authorizationMethod, cadence, summary, words } = manifest
  const redirectUri = `${appOrigin}${manifest.callbackPath}`
  const scopes = [...manifest.requiredScopes]
  const copies = {
    redirect_uri: [{ label: 'Redirect URI', value: redirectUri }],
    scopes: scopes.map(scope => ({ label: scope, value: scope })),
  }
  return {
    ...words,
    id,
    name,
    category,
    authorizationMethod,
    cadence,
    summary,
    staleAfterHours: Math.min(...manifest.reads.map(({ kind }) => staleAfterHours(kind))),
    redirectUri,
    scopes,
    clouds: manifest.clouds.map(cloud => ({ id: cloud.id, name: cloud.name })),
    steps: words.steps.map(step => ({
      title: step.title,
      details: [...step.details],
      copies: step.copies ? copies[step.copies] : [],
    })),
    reads: cardReads(manifest, catalogueVersion),
  }
}

function cardReads({ reads, clouds }: ConnectorManifest, catalogueVersion: number): ConnectorCard['reads'] {
  const nameOfCloud = (id: string) => clouds.find(cloud => cloud.id === id)?.name ?? id
  const from = catalogue(catalogueVersion)
  return reads.map(({ kind, purpose, scopes, licence, request, absentIn }) => {
    const { title, mode, cadence } = evidenceKind(kind)
    return {
      kind,
      title,
      mode,
      cadence,
      staleAfterHours: staleAfterHours(kind),
      purpose,
      scopes: [...scopes],
      licence: licence?.words ?? null,
      request,
      absentIn: absentIn.map(nameOfCloud),
      controls: controlsServedBy(from, kind).map(({ id, title }) => ({ id, title })),
    }
  })
}

const staleAfterHours = (kind: EvidenceKind) => evidenceKind(kind).staleAfter / 3_600_000
