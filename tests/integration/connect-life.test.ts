import { and, eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { sessions } from '../../db/schema/accounts.ts'
import { credential, verdict } from '../../db/schema/state.ts'
import { signInAndConsent } from '../../sandbox/entra/browse.ts'
import { requiredScopes } from '../../sandbox/entra/types.ts'
import { newId } from '../../server/ledger/ids.ts'
import { isOpen } from '../../server/projections/range.ts'
import { clientSecret } from '../support/entra.ts'
import {
  call,
  complete,
  connectForm,
  connectOffice,
  type Office,
  openOffice,
  remains,
} from '../support/offices.ts'
import { syncNow, useScene } from '../support/seed.ts'

const hour = 3_600_000
const scene = await useScene()
const tenant = scene.entra.tenant(scene.spec.tenantId)

const sync = ({ organizationId }: Office, connectionId: string) =>
  syncNow({ ...scene, organizationId }, connectionId)

async function openConnected() {
  const office = await openOffice(scene)
  const connectionId = await connectOffice(scene, office)
  return { office, connectionId }
}

const get = (office: Office, connectionId: string, asOf?: string) =>
  call(office, (caller, organization) =>
    caller.connections.get({ organization, connectionId, ...(asOf ? { asOf } : {}) }),
  )

describe('a connection that synced', async () => {
  const { office, connectionId } = await openConnected()
  const atConnect = (await get(office, connectionId)).asOf
  expect(await sync(office, connectionId)).toBe('succeeded')
  const atFirstSync = (await get(office, connectionId)).asOf
  scene.clock.jump(hour)
  expect(await sync(office, connectionId)).toBe('succeeded')

  test('says who connected it, who signed in, when it goes on and how fresh each kind is', async () => {
    const page = await get(office, connectionId)
    expect(page.connectedBy).toBe(office.owner.name)
    expect(page.authorizedBy.login).toContain('@')
    expect(page.connection).toMatchObject({ status: 'connected', freshness: 'fresh', attention: null })
    expect(page.connection.kinds.map(({ freshness }) => freshness)).toEqual([
      ...Array(6).fill('fresh'),
      'never',
    ])
    expect(page.connection.kinds.at(-1)).toMatchObject({ kind: 'sign_in_activity', state: 'waiting' })
    expect(page.daily).toMatchObject({ titles: ['Sign-in activity'], newestRun: null, progress: [] })
    expect(page.connection.kinds.find(({ kind }) => kind === 'user_inventory')?.items).toBe(scene.spec.size)
    expect(page.connection.secret).toMatchObject({ state: 'valid' })
    expect(page.nextSyncAt?.getTime()).toBeGreaterThan(scene.clock.now().getTime())
    expect(page.scopes.map(({ state }) => state)).toEqual(Array(4).fill('granted'))
    expect(page.history.map(({ words, by }) => [words, by])).toEqual([['Connected', office.owner.name]])
    expect(page.can).toEqual({ manage: true, sync: true })
    expect(JSON.stringify(page)).not.toContain(clientSecret)
  })

  test('is shown as it was: before the first run, and before the second', async () => {
    const first = await get(office, connectionId, `${atConnect.position}`)
    expect(first.newestRun).toBeNull()
    expect(first.connection.kinds.map(({ state }) => state)).toEqual(Array(7).fill('waiting'))
    expect(first).toMatchObject({ can: { manage: false, sync: false }, nextSyncAt: null, revocation: null })
    const second = await get(office, connectionId, `${atFirstSync.position}`)
    expect(second.newestRun?.outcome).toBe('succeeded')
    expect(second.connection.kinds.map(({ state }) => state)).toEqual([
      ...Array(6).fill('collected'),
      'waiting',
    ])
  })

  test('grows stale by time alone', async () => {
    const fresh = await get(office, connectionId)
    const oldest = Math.min(
      ...fresh.connection.kinds.flatMap(({ lastSuccessAt }) => lastSuccessAt?.getTime() ?? []),
    )
    expect(fresh.connection.staleAt).toEqual(new Date(oldest + 6 * hour))
    scene.clock.jump(6 * hour + 1)
    expect((await get(office, connectionId)).connection.freshness).toBe('stale')
    expect((await get(office, connectionId, fresh.asOf.instant.toISOString())).connection.freshness).toBe(
      'fresh',
    )
  })

  test('lists its runs by pages that are complete and disjoint, each as it was', async () => {
    for (let run = 0; run < 3; run++) expect(await sync(office, connectionId)).toBe('succeeded')
    const pages: string[][] = []
    for (let cursor: number | null | undefined; cursor !== null; ) {
      const page = await call(office, (caller, organization) =>
        caller.connections.runs({ organization, connectionId, limit: 2, ...(cursor ? { cursor } : {}) }),
      )
      pages.push(page.runs.map(({ id }) => id))
      cursor = page.next
    }
    expect(pages.map(page => page.length)).toEqual([2, 2, 1])
    expect(new Set(pages.flat()).size).toBe(5)
    const past = await call(office, (caller, organization) =>
      caller.connections.runs({ organization, connectionId, asOf: `${atConnect.position + 1}` }),
    )
    expect(past.runs).toMatchObject([{ outcome: 'running', finishedAt: null, kinds: [] }])
  })

  test('does not exist before it was connected, for another organization, or under an unknown id', async () => {
    const other = await openOffice(scene, 'Elsewhere')
    const asks: (() => Promise<unknown>)[] = [
      () => get(office, connectionId, '0'),
      () => get(other, connectionId),
      () => get(office, newId()),
      () => call(other, (caller, organization) => caller.connections.runs({ organization, connectionId })),
      () =>
        call(other, (caller, organization) => caller.connections.reauthorize({ organization, connectionId })),
      () => call(other, (caller, organization) => caller.connections.syncNow({ organization, connectionId })),
      () => call(other, caller => caller.connections.get({ organization: office.slug, connectionId })),
      () =>
        call(other, (caller, organization) =>
          caller.connections.revoke({
            organization,
            connectionId,
            confirmation: scene.spec.tenantId.slice(0, 8),
          }),
        ),
      () =>
        call(other, (caller, organization) =>
          caller.connections.replaceSecret({
            organization,
            connectionId,
            clientSecret,
            secretExpiresOn: connectForm(scene, other).secretExpiresOn,
          }),
        ),
    ]
    for (const ask of asks) {
      await expect(ask()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
  })

  test('syncs when it is asked to', async () => {
    const before = scene.jobs.length
    const answer = await call(office, (caller, organization) =>
      caller.connections.syncNow({ organization, connectionId }),
    )
    expect(answer).toEqual({ isQueued: true })
    expect(scene.jobs.slice(before)).toMatchObject([
      { name: 'sync', payload: { connectionId, trigger: 'manual' } },
    ])
  })
})

describe('a connection whose source no longer accepts it', () => {
  test('says what happened and comes back by a sign-in that keeps its identity and history', async () => {
    const { office, connectionId } = await openConnected()
    await sync(office, connectionId)
    scene.clock.jump(1000)
    tenant.revokeSessions()
    scene.clock.jump(1000)
    expect(await sync(office, connectionId)).toBe('refused')
    const page = await get(office, connectionId)
    expect(page.connection).toMatchObject({
      status: 'needs_attention',
      attention: { remedy: 'reauthorize', code: 'AADSTS50173', title: expect.any(String) },
    })
    const sooner = call(office, (caller, organization) =>
      caller.connections.syncNow({ organization, connectionId }),
    )
    await expect(sooner).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' })

    const { authorizeUrl } = await call(office, (caller, organization) =>
      caller.connections.reauthorize({ organization, connectionId }),
    )
    const back = await signInAndConsent(authorizeUrl)
    expect(await complete(office, back.searchParams)).toMatchObject({ outcome: 'reauthorized', connectionId })
    expect(await sync(office, connectionId)).toBe('succeeded')
    const after = await get(office, connectionId)
    expect(after.connection).toMatchObject({ status: 'connected', attention: null })
    expect(after.history.map(({ type }) => type)).toEqual([
      'ConnectionReauthorized',
      'ReauthorizationRequired',
      'ConnectionConnected',
    ])
  })

  test('takes a new client secret, and a sync follows at once', async () => {
    const { office, connectionId } = await openConnected()
    const secret = 'a-new~value.of-the-secret'
    tenant.setSecret({ value: secret })
    expect(await sync(office, connectionId)).toBe('refused')
    expect((await get(office, connectionId)).connection.attention?.remedy).toBe('fix_application')
    const secretExpiresOn = new Date(scene.clock.now().getTime() + 5 * 24 * hour).toISOString().slice(0, 10)
    const replace = (clientSecret: string) =>
      call(office, (caller, organization) =>
        caller.connections.replaceSecret({ organization, connectionId, clientSecret, secretExpiresOn }),
      )
    await expect(replace('')).rejects.toMatchObject({
      cause: { fields: { clientSecret: expect.any(String) } },
    })
    await replace(secret)
    expect(scene.jobs.at(-1)).toMatchObject({ payload: { connectionId, trigger: 'manual' } })
    expect(await sync(office, connectionId)).toBe('succeeded')
    const page = await get(office, connectionId)
    expect(page.connection).toMatchObject({ status: 'connected', secret: { state: 'urgent', daysLeft: 4 } })
    tenant.setSecret({ value: clientSecret })
  })

  test('shows a permission that is granted beyond the required ones', async () => {
    const { office, connectionId } = await openConnected()
    tenant.setGrantedScopes([...requiredScopes, 'Group.Read.All'])
    await sync(office, connectionId)
    tenant.setGrantedScopes([...requiredScopes])
    const page = await get(office, connectionId)
    expect(page.scopes.at(-1)).toEqual({ scope: 'Group.Read.All', state: 'excess', kinds: [] })
    expect(page.history[0]?.words).toContain('Group.Read.All')
  })
})

describe('revoking', () => {
  const revoke = (office: Office, connectionId: string, confirmation = scene.spec.tenantId.slice(0, 8)) =>
    call(office, (caller, organization) =>
      caller.connections.revoke({ organization, connectionId, confirmation }),
    )

  const rowsOf = ({ organizationId }: Office, connectionId: string) =>
    scene.services.database.withOrganization(organizationId, async transaction => ({
      credentials: await transaction
        .select({ field: credential.field })
        .from(credential)
        .where(and(eq(credential.organizationId, organizationId), eq(credential.connectionId, connectionId))),
      verdicts: await transaction
        .select({ verdict: verdict.verdict })
        .from(verdict)
        .where(and(isOpen(verdict, organizationId), eq(verdict.connectionId, connectionId))),
    }))

  test('destroys the credential, makes every control no data at once, and keeps what was collected', async () => {
    const { office, connectionId } = await openConnected()
    await sync(office, connectionId)
    const before = await get(office, connectionId)
    expect(before.revocation).toMatchObject({
      word: scene.spec.tenantId.slice(0, 8),
      destroys: ['the client secret', 'the access and refresh tokens'],
      keepsEvidence: 6,
    })
    expect((await rowsOf(office, connectionId)).credentials).toHaveLength(2)

    await revoke(office, connectionId, ` ${scene.spec.tenantId.slice(0, 8).toUpperCase()} `)
    const rows = await rowsOf(office, connectionId)
    expect(rows.credentials).toEqual([])
    expect(rows.verdicts.map(row => row.verdict)).toEqual(Array(13).fill('no_data'))

    const after = await get(office, connectionId)
    expect(after.connection.status).toBe('revoked')
    expect(after).toMatchObject({ can: { manage: false, sync: false }, nextSyncAt: null })
    expect(after.connection.kinds).toMatchObject(
      before.connection.kinds.map(({ kind, items }) => ({ kind, items })),
    )
    const past = await get(office, connectionId, before.asOf.instant.toISOString())
    expect(past.connection.status).toBe('connected')
    expect(await sync(office, connectionId)).toBe('nothing_to_do')
    await expect(revoke(office, connectionId)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' })

    const again = await connectOffice(scene, office)
    const list = await call(office, (caller, organization) => caller.connections.list({ organization }))
    expect(list.connections.map(({ id, status }) => [id, status])).toEqual([
      [again, 'connected'],
      [connectionId, 'revoked'],
    ])
  })

  test('needs the word that the page shows', async () => {
    const { office, connectionId } = await openConnected()
    const before = await remains(scene, office)
    await expect(revoke(office, connectionId, 'revoke')).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      cause: { fields: { confirmation: expect.stringContaining(scene.spec.tenantId.slice(0, 8)) } },
    })
    expect(await remains(scene, office)).toEqual(before)
  })

  test('needs a sign-in of the last 15 minutes, as replacing the secret does', async () => {
    const { office, connectionId } = await openConnected()
    await scene.services.database.outsideTenant
      .update(sessions)
      .set({ createdAt: new Date(Date.now() - 16 * 60_000) })
      .where(eq(sessions.userId, office.owner.id))
    const replace = () =>
      call(office, (caller, organization) =>
        caller.connections.replaceSecret({
          organization,
          connectionId,
          clientSecret,
          secretExpiresOn: '2099-01-01',
        }),
      )
    for (const ask of [() => revoke(office, connectionId), replace]) {
      await expect(ask()).rejects.toMatchObject({
        code: 'FORBIDDEN',
        cause: { code: 'fresh_sign_in_required' },
      })
    }
  })
})

describe('the card', () => {
  test('tells each read with its permission, its licence and the controls it serves', async () => {
    const office = await openOffice(scene)
    const card = await call(office, (caller, organization) =>
      caller.connectors.card({ organization, connector: 'entra' }),
    )
    expect(card.redirectUri).toBe('http://localhost:3000/api/integrations/entra/callback')
    expect(card.steps[0]?.copies).toEqual([{ label: 'Redirect URI', value: card.redirectUri }])
    expect(card.steps[1]?.copies.map(({ value }) => value)).toEqual(card.scopes)
    expect([...card.scopes].sort()).toEqual([...requiredScopes].sort())
    expect(card.reads).toHaveLength(7)
    for (const read of card.reads) expect(read.controls.length).toBeGreaterThan(0)
    expect(card.reads.at(-1)).toMatchObject({
      kind: 'sign_in_activity',
      cadence: 'daily',
      staleAfterHours: 30,
      scopes: ['AuditLog.Read.All', 'User.Read.All'],
      licence: 'Entra ID P1',
      request: 'GET /users?$select=id,signInActivity&$top=500',
    })
    const list = await call(office, (caller, organization) => caller.connectors.list({ organization }))
    expect(list).toMatchObject([{ id: 'entra', kinds: 7, cadence: 'hourly' }])
    await expect(
      call(office, (caller, organization) => caller.connectors.card({ organization, connector: 'moon' })),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
