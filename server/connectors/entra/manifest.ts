import type { ConnectorManifest, ConnectorRead } from '../contract.ts'
import { clouds } from './clouds.ts'
import { requiredScopes } from './oauth/scopes.ts'
import { entraReads } from './reads/index.ts'
import { entraWords } from './words.ts'

/** Raised when normalising the same answer would give another item than before. */
const normaliserVersion = 2

/** The connector's card. `loginOrigin` replaces the login hosts where a stand-in takes their place. */
export const createEntraManifest = (loginOrigin?: string): ConnectorManifest => ({
  id: 'entra',
  name: 'Microsoft Entra ID',
  category: 'Identity',
  authorizationMethod: 'OAuth 2.0',
  cadence: 'hourly',
  summary:
    'Reads who has an account, who can give a second factor, which sign-in rules are enforced, and which sign-ins looked suspicious. Read-only.',
  requiredScopes,
  normaliserVersion,
  reads: entraReads.map(described),
  clouds: clouds.map(cloud => ({
    id: cloud.id,
    name: cloud.name,
    loginOrigin: loginOrigin ?? cloud.loginOrigin,
  })),
  callbackPath: '/api/integrations/entra/callback',
  words: entraWords,
})

const described = ({ kind, scopes, licence, purpose, request, absentIn }: ConnectorRead): ConnectorRead => ({
  kind,
  scopes,
  licence,
  purpose,
  request,
  absentIn,
})
