import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { exportJWK, generateKeyPair, type JWK } from 'jose'

export interface AccessRecord {
  tenantId: string
  clientId: string
  accountId: string
  scopes: string[]
  /** Milliseconds on the stand-in's clock. */
  issuedAt: number
  expiresAt: number
}

export interface RefreshRecord {
  tenantId: string
  clientId: string
  accountId: string
  issuedAt: number
  lastUsedAt: number
}

/** Keys, tokens and what the OpenID provider stores; written to a file when a path is given. */
export interface Sessions {
  signingKey: JWK
  findAccess(token: string): AccessRecord | undefined
  addAccess(token: string, record: AccessRecord): void
  findRefresh(token: string): RefreshRecord | undefined
  putRefresh(token: string, record: RefreshRecord): void
  /** Records of one model of one tenant's provider. Grants and refresh tokens survive a restart. */
  models(tenantId: string, model: string): ModelStore
  flush(): void
}

export interface ModelStore {
  get(id: string): unknown
  set(id: string, payload: unknown): void
  delete(id: string): void
  values(): Iterable<unknown>
}

interface State {
  signingKey: JWK
  access: Record<string, AccessRecord>
  refresh: Record<string, RefreshRecord>
  models: Record<string, Record<string, unknown>>
}

export async function openSessions(statePath?: string): Promise<Sessions> {
  const state = (statePath && readState(statePath)) || {
    signingKey: await sharedKey(),
    access: {},
    refresh: {},
    models: {},
  }
  const access = new Map(Object.entries(state.access))
  const refresh = new Map(Object.entries(state.refresh))
  const kept = new Map(
    Object.entries(state.models).map(([name, rows]) => [name, new Map(Object.entries(rows))]),
  )
  let timer: NodeJS.Timeout | undefined

  const write = () => {
    clearTimeout(timer)
    timer = undefined
    if (!statePath) return
    const models = [...kept].filter(([name]) => /:(Grant|RefreshToken)$/.test(name))
    const next: State = {
      signingKey: state.signingKey,
      access: Object.fromEntries([...access].slice(-500)),
      refresh: Object.fromEntries(refresh),
      models: Object.fromEntries(models.map(([name, rows]) => [name, Object.fromEntries(rows)])),
    }
    writeFileSync(`${statePath}.new`, JSON.stringify(next), { mode: 0o600 })
    renameSync(`${statePath}.new`, statePath)
  }
  const changed = () => {
    if (statePath) timer ??= setTimeout(write, 200).unref()
  }

  return {
    signingKey: state.signingKey,
    findAccess: token => access.get(token),
    addAccess(token, record) {
      access.set(token, record)
      const oldest = access.size > 5000 ? access.keys().next().value : undefined
      if (oldest !== undefined) access.delete(oldest)
      changed()
    },
    findRefresh: token => refresh.get(token),
    putRefresh(token, record) {
      refresh.set(token, record)
      changed()
    },
    models(tenantId, model) {
      const name = `${tenantId}:${model}`
      const rows = kept.get(name) ?? new Map<string, unknown>()
      kept.set(name, rows)
      return {
        get: id => rows.get(id),
        values: () => rows.values(),
        set(id, payload) {
          rows.set(id, payload)
          changed()
        },
        delete(id) {
          rows.delete(id)
          changed()
        },
      }
    },
    flush: () => {
      if (timer) write()
    },
  }
}

function readState(path: string): State | undefined {
  if (!existsSync(path)) return undefined
  // Written by this module alone.
  return JSON.parse(readFileSync(path, 'utf8')) as State
}

let generated: Promise<JWK> | undefined

/** One key for all stand-ins of a process: making an RSA key takes longer than a whole test. */
function sharedKey(): Promise<JWK> {
  generated ??= generateKeyPair('RS256', { extractable: true }).then(async pair => ({
    ...(await exportJWK(pair.privateKey)),
    kid: 'stand-in-1',
    alg: 'RS256',
    use: 'sig',
  }))
  return generated
}
