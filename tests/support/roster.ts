import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import {
  AuthorizationRefused,
  type Connector,
  type ConnectorManifest,
  type ConnectorRead,
  CredentialRefused,
  EvidenceReadFailed,
  type FieldWords,
  type NormalisedItem,
  type ReadProvenance,
  SourceUnavailable,
} from '../../server/connectors/contract.ts'
import type { EvidenceKind } from '../../server/domain/evidence/kinds.ts'
import { Secret } from '../../server/vault/secret.ts'

/*
 * A second source, as far from the first as the contract allows: a staff roster that pages by offset, knows nothing of
 * policies or risk, and has no clouds. Nothing of the product but this file knows it.
 */

export interface Person {
  id: string
  name: string
  mail: string
  isActive: boolean
  hasKey: boolean
  isAdmin: boolean
  lastSeen: string | null
}

export interface RosterServer {
  readonly origin: string
  readonly requests: string[]
  people: Person[]
  scopes: string[]
  /** Paths that answer with this status instead. */
  readonly failing: Map<string, number>
  /** False where the stored sign-in is no longer taken. */
  isSignInValid: boolean
  stop(): Promise<unknown>
}

const pageSize = 7

export async function startRoster(people: Person[]): Promise<RosterServer> {
  const server = createServer(async (req, res) => {
    const url = new URL(req.url ?? '/', 'http://roster')
    roster.requests.push(`${req.method} ${url.pathname}`)
    const send = (status: number, body: unknown) =>
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (url.pathname === '/sign-in') {
      const back = new URL(url.searchParams.get('back') ?? '')
      back.search = new URLSearchParams({
        state: url.searchParams.get('state') ?? '',
        code: 'code-1',
      }).toString()
      return void res.writeHead(303, { location: back.href }).end()
    }
    if (url.pathname === '/token') {
      const asked = z.object({ secret: z.string() }).parse(JSON.parse(await textOf(req)))
      if (asked.secret !== rosterSecret) return send(401, { error: 'wrong_secret' })
      if (!roster.isSignInValid) return send(401, { error: 'sign_in_ended' })
      return send(200, { token: 'token-1', scopes: roster.scopes, person: roster.people[0]?.id })
    }
    const status = roster.failing.get(url.pathname)
    if (status) return send(status, { error: 'failing' })
    const from = Number(url.searchParams.get('from') ?? 0)
    const rows = roster.people.slice(from, from + pageSize)
    send(200, { rows, next: from + pageSize < roster.people.length ? from + pageSize : null })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server always has an address object.
  const { port } = server.address() as AddressInfo
  const roster: RosterServer = {
    origin: `http://127.0.0.1:${port}`,
    requests: [],
    people,
    scopes: ['people:list'],
    failing: new Map(),
    isSignInValid: true,
    stop: () => new Promise(resolve => server.close(resolve)),
  }
  return roster
}

export const rosterSecret = 'a-secret-of-the-roster'

const personSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  mail: z.string(),
  isActive: z.boolean(),
  hasKey: z.boolean(),
  isAdmin: z.boolean(),
  lastSeen: z.string().nullable(),
})
const pageSchema = z.object({ rows: z.array(personSchema), next: z.number().nullable() })
const tokenSchema = z.object({ token: z.string(), scopes: z.array(z.string()), person: z.uuid() })

type Listed = z.infer<typeof personSchema>

const reads: Partial<Record<EvidenceKind, { path: string; normalise: (person: Listed) => object }>> = {
  user_inventory: {
    path: '/people',
    normalise: ({ id, name, mail, isActive }) => ({
      id,
      displayName: name,
      userPrincipalName: mail,
      mail,
      userType: 'Member',
      accountEnabled: isActive,
      createdDateTime: null,
      creationType: null,
      externalUserState: null,
      onPremisesSyncEnabled: null,
      employeeHireDate: null,
      plans: [],
    }),
  },
  mfa_registration: {
    path: '/keys',
    normalise: ({ id, name, mail, hasKey, isAdmin }) => ({
      id,
      userDisplayName: name,
      userPrincipalName: mail,
      userType: 'Member',
      isAdmin,
      isMfaCapable: hasKey,
      isMfaRegistered: hasKey,
      isPasswordlessCapable: hasKey,
      methodsRegistered: hasKey ? ['fido2SecurityKey'] : [],
    }),
  },
  sign_in_activity: {
    path: '/last-seen',
    normalise: ({ id, lastSeen }) => ({
      id,
      lastSuccessfulSignInDateTime: lastSeen,
      lastSignInDateTime: lastSeen,
    }),
  },
}

const field = (label: string): FieldWords => ({
  label,
  hint: 'On the roster.',
  where: `Look up the ${label}.`,
})

const manifest: ConnectorManifest = {
  id: 'roster',
  name: 'Staff Roster',
  category: 'People',
  authorizationMethod: 'Sign-in',
  cadence: 'hourly',
  summary: 'Reads who works here.',
  requiredScopes: ['people:list'],
  normaliserVersion: 1,
  reads: Object.entries(reads).map(
    ([kind, { path }]): ConnectorRead => ({
      // Object.entries widens its keys.
      kind: kind as EvidenceKind,
      scopes: ['people:list'],
      licence: null,
      purpose: 'Who works here.',
      request: `GET ${path}`,
      absentIn: [],
    }),
  ),
  clouds: [{ id: 'only', name: 'The only one', loginOrigin: 'https://roster.example' }],
  callbackPath: '/api/integrations/roster/callback',
  words: {
    signIn: 'the roster',
    console: 'the roster’s office',
    roles: 'Anybody on the roster may sign in.',
    account: 'Use an account that stays.',
    permissions: 'the roster’s list of permissions',
    stepsTitle: 'One step',
    steps: [{ title: 'Ask the office', details: ['Give it this address.'], copies: 'redirect_uri' }],
    fields: {
      externalTenantId: field('roster number'),
      clientId: field('client number'),
      clientSecret: field('client word'),
      secretExpiresOn: field('last day'),
      cloud: field('place'),
    },
    newSecret: 'Ask the office for a new word.',
    canOnlyRead: 'It can only read.',
    cannotSee: 'Salaries.',
    afterRevoking: 'Tell the office.',
  },
}

/** Another connector, by the contract alone. */
export function createRosterConnector(origin: string): Connector {
  const token = async (secret: Secret) => {
    const response = await fetch(`${origin}/token`, {
      method: 'POST',
      body: JSON.stringify({ secret: secret.reveal() }),
    }).catch(() => null)
    if (!response) throw new SourceUnavailable('the roster does not answer')
    const body: unknown = await response.json()
    if (response.ok) return tokenSchema.parse(body)
    return z.object({ error: z.string() }).parse(body).error
  }
  const grantOf = (scopes: string[]) => ({
    granted: [...scopes].sort(),
    missing: manifest.requiredScopes.filter(scope => !scopes.includes(scope)),
    excess: scopes.filter(scope => !manifest.requiredScopes.includes(scope)),
  })
  return {
    manifest,
    authorization: {
      begin: async ({ redirectUri, state }) => ({
        url: `${origin}/sign-in?${new URLSearchParams({ back: redirectUri, state })}`,
        verifier: new Secret('verifier'),
        nonce: new Secret('nonce'),
      }),
      complete: async ({ clientSecret }) => {
        const answer = await token(clientSecret)
        if (typeof answer === 'string') {
          const words = {
            title: 'The roster refuses',
            explanation: 'The word is wrong.',
            who: 'The office has to act.',
          }
          throw new AuthorizationRefused(
            'wrong_secret',
            { ...words, remedy: ['Ask for another.'] },
            { field: 'clientSecret' },
          )
        }
        const { token: tokenCache, scopes, person } = answer
        return { tokenCache: new Secret(tokenCache), grant: grantOf(scopes), authorizedBy: person }
      },
    },
    openReads: async ({ clientSecret, tokenCache, clock, signal }) => {
      const answer = await token(clientSecret)
      if (typeof answer === 'string') {
        throw new CredentialRefused(
          'reauthorize',
          answer,
          'The roster asks for a new sign-in. Sign in again.',
        )
      }
      await tokenCache.write(new Secret(answer.token))
      return {
        grant: grantOf(answer.scopes),
        async *read(kind) {
          const how = reads[kind]
          if (!how) throw new Error(`the roster does not hold ${kind}`)
          const firstResponseAt = clock.now()
          let pages = 0
          let rows = 0
          for (let from: number | null = 0; from !== null; ) {
            const response: Response = await fetch(`${origin}${how.path}?from=${from}`, { signal })
            if (!response.ok) {
              throw new EvidenceReadFailed('unavailable', 'The roster could not be read.', {
                status: response.status,
              })
            }
            const page: z.infer<typeof pageSchema> = pageSchema.parse(await response.json())
            pages += 1
            rows += page.rows.length
            yield {
              page: pages,
              items: page.rows.map(
                (person): NormalisedItem => ({ subjectKey: person.id, item: how.normalise(person) }),
              ),
            }
            from = page.next
          }
          return provenance(`GET ${how.path}`, { pages, rows, firstResponseAt, lastResponseAt: clock.now() })
        },
      }
    },
  }
}

const provenance = (
  request: string,
  counted: Pick<ReadProvenance, 'pages' | 'rows' | 'firstResponseAt' | 'lastResponseAt'>,
): ReadProvenance => ({
  request,
  requestIds: [],
  declaredCount: null,
  collectorVersion: 'roster 1',
  reportedAt: null,
  window: null,
  retries: 0,
  ...counted,
})

async function textOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
