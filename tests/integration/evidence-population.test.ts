import { beforeAll, describe, expect, it } from 'vitest'
import { isHourly } from '../../server/domain/evidence/kinds.ts'
import type { Caller } from '../../server/trpc/router.ts'
import { auditorCaller, ownerCaller } from '../support/caller.ts'
import { type Scene, seedSecondOrganization, seedSyncedOrganization, syncNow } from '../support/seed.ts'

/*
 * One directory over three syncs: as it was found; then one account joined, one changed and one left; then the joiner
 * left again.
 */
const hour = 3_600_000
let scene: Scene & { connectionId: string }
let caller: Caller
let organization: string
/** The look back to the moment right after each sync. */
const after: string[] = []
const directory = () => scene.entra.tenant(scene.spec.tenantId)

beforeAll(async () => {
  scene = await seedSyncedOrganization({ size: 260 })
  caller = ownerCaller(scene)
  organization = scene.slug
  await remember()
  const joiner = directory().addUser({
    displayName: '=HYPERLINK("http://evil")',
    userPrincipalName: 'zz.joiner@example.com',
  })
  directory().setUser(40, { displayName: 'Åsa Renamed', userPrincipalName: 'asa.renamed@example.com' })
  directory().removeUser(41)
  await nextSync()
  directory().removeUser(joiner.id)
  await nextSync()
})

async function nextSync() {
  scene.clock.jump(hour)
  expect(await syncNow(scene, scene.connectionId)).toBe('succeeded')
  await remember()
}

async function remember() {
  const { newestAt, newestPosition } = await caller.ledger.head({ organization })
  after.push(`${newestAt.toISOString()}@${newestPosition}`)
}

const users = (more: object = {}) =>
  caller.evidence.population({ organization, kind: 'user_inventory', ...more })

describe('a population as of a moment', () => {
  it('holds who was there after each sync, and under the name of then', async () => {
    const totals = await Promise.all(after.map(async asOf => (await users({ asOf })).total))
    expect(totals).toEqual([totals[0], totals[0], Number(totals[0]) - 1])
    const joiner = await Promise.all(after.map(async asOf => (await users({ asOf, search: 'zz.' })).found))
    expect(joiner).toEqual([0, 1, 0])
    const renamed = await Promise.all(after.map(async asOf => (await users({ asOf, search: 'åsa r' })).found))
    expect(renamed).toEqual([0, 1, 1])
  })

  it('says of each account whether it can give a second factor, and where there is no record', async () => {
    const { rows } = await users()
    const said = new Set(rows.map(row => row.cells.mfa?.text))
    expect(said).toContain('Capable')
    expect(said).toContain('No record')
    expect(rows.every(row => row.cells.class?.text)).toBe(true)
  })

  it('shows columns and names for every kind', async () => {
    const { sources } = await caller.evidence.list({ organization })
    for (const { kind } of sources[0]?.kinds ?? []) {
      const { columns, rows } = await caller.evidence.population({ organization, kind })
      for (const row of rows) {
        expect(row.name).not.toBe('')
        expect(Object.keys(row.cells)).toEqual(columns.map(column => column.key))
      }
    }
  })
})

describe('pages of a population', () => {
  it.each(['name', '-name', 'login', '-login'] as const)(
    'are complete, disjoint and ordered by %s, forwards and back',
    async sort => {
      const keys: string[] = []
      let page = await users({ sort })
      expect(page.previous).toBeNull()
      const all = [page]
      while (page.next) {
        page = await users({ sort, cursor: page.next })
        all.push(page)
      }
      for (const { rows } of all) keys.push(...rows.map(row => row.subjectKey))
      expect(keys).toHaveLength(page.total)
      expect(new Set(keys).size).toBe(page.total)
      const back = await users({ sort, cursor: page.previous ?? '' })
      expect(back.rows).toEqual(all.at(-2)?.rows)
      const values = all.flatMap(({ rows }) =>
        rows.map(row => (sort.endsWith('name') ? row.name : (row.login ?? '')).toLowerCase()),
      )
      const ascii = values.filter(value => /^[ -~]*$/.test(value))
      const sorted = [...ascii].sort()
      expect(ascii).toEqual(sort.startsWith('-') ? sorted.reverse() : sorted)
    },
  )

  it('go on behind a subject that has left meanwhile', async () => {
    const { rows } = await users({ asOf: after[1], search: 'zz.joiner' })
    const page = await users({ cursor: `before:${rows[0]?.subjectKey}`, sort: 'login' })
    expect(page.rows).toHaveLength(50)
  })

  it('finds by the beginning of a name or of a sign-in name, and nothing by what LIKE would take for a pattern', async () => {
    const [first] = (await users()).rows
    const byName = await users({ search: first?.name.slice(0, 5).toUpperCase() })
    expect(byName.rows.map(row => row.subjectKey)).toContain(first?.subjectKey)
    const byLogin = await users({ search: first?.login?.slice(0, 6) })
    expect(byLogin.rows.map(row => row.subjectKey)).toContain(first?.subjectKey)
    expect((await users({ search: '%' })).found).toBe(0)
    expect((await users({ search: '_' })).found).toBe(0)
  })
})

describe('a population as a file', () => {
  const file = async (more: object = {}) => {
    const { filename, pieces } = await caller.evidence.populationCsv({
      organization,
      kind: 'user_inventory',
      ...more,
    })
    let text = ''
    for await (const piece of pieces) text += piece
    return { filename, lines: text.trimEnd().split('\r\n') }
  }

  it('says where it comes from and holds every row once', async () => {
    const { filename, lines } = await file({ asOf: after[0] })
    const { sources } = await caller.evidence.list({ organization, asOf: after[0] })
    const inForce = sources[0]?.kinds.find(({ kind }) => kind === 'user_inventory')?.evidence
    expect(filename).toBe(`user-inventory-${organization}-2025-03-10.csv`)
    expect(lines.find(line => line.startsWith('# Fingerprint'))).toContain(inForce?.fingerprint)
    expect(lines.find(line => line.startsWith('# Organization'))).toContain('simulated clock')
    const { total } = await users({ asOf: after[0] })
    const data = lines.slice(lines.findIndex(line => line.startsWith('Name,')) + 1)
    expect(data).toHaveLength(total)
    expect(new Set(data.map(line => line.split(',').at(-2))).size).toBe(total)
  })

  it('makes a name that begins like a formula harmless', async () => {
    const { lines } = await file({ asOf: after[1], search: 'zz.' })
    expect(lines.at(-1)).toMatch(/^"'=HYPERLINK\(""http:\/\/evil""\)"/)
  })
})

describe('the evidence of a kind', () => {
  it('tells what each row changed, by name and by field', async () => {
    const { history } = await caller.evidence.kind({ organization, kind: 'user_inventory' })
    expect(history.rows.map(row => row.changes)).toMatchObject([
      { joined: 0, changed: 0, left: 1 },
      { joined: 1, changed: 1, left: 1 },
      { changed: 0, left: 0 },
    ])
    expect(history.rows.map(row => row.isFirst)).toEqual([false, false, true])
    const { evidence } = await caller.evidence.get({ organization, id: history.rows[1]?.id ?? '' })
    expect(evidence.changed.joined).toMatchObject([{ login: 'zz.joiner@example.com' }])
    expect(evidence.changed.left).toHaveLength(1)
    expect(evidence.changed.changed).toMatchObject([{ name: 'Åsa Renamed' }])
    expect(evidence.changed.changed[0]?.fields.map(change => change.field)).toEqual([
      'displayName',
      'userPrincipalName',
    ])
    expect(evidence.provenance.request).toMatch(/^GET /)
    expect(evidence.provenance.requestIds.length).toBeGreaterThan(0)
    expect(evidence.controls.map(control => control.id)).toContain('AC-02')
    expect(evidence).toMatchObject({ previousId: history.rows[2]?.id, nextId: history.rows[0]?.id })
  })

  it('shows freshness as it was: fresh then, stale without a run, expired after a day', async () => {
    const last = new Date(after[2]?.split('@')[0] ?? '')
    scene.clock.jump(30 * hour)
    const at = async (hours: number) => {
      const asOf = new Date(last.getTime() + hours * hour).toISOString()
      const { sources } = await caller.evidence.list({ organization, asOf })
      return sources[0]?.kinds.filter(({ kind }) => isHourly(kind)).map(({ freshness }) => freshness)
    }
    expect(new Set(await at(1))).toEqual(new Set(['fresh']))
    expect(new Set(await at(7))).toEqual(new Set(['stale']))
    expect(new Set(await at(25))).toEqual(new Set(['expired']))
  })

  it('describes the policies in words and counts risky sign-ins per day', async () => {
    const policies = await caller.evidence.kind({ organization, kind: 'conditional_access_policies' })
    expect(policies.view.policies.length).toBe(policies.state.populationCount)
    expect(policies.view.policies[0]).toMatchObject({ state: 'enabled' })
    const signIns = await caller.evidence.kind({ organization, kind: 'risky_sign_ins', asOf: after[0] })
    const counted = signIns.view.signInPlot?.columns.reduce((sum, column) => sum + column.total, 0)
    expect(counted).toBeGreaterThan(0)
    expect(counted).toBeLessThanOrEqual(signIns.state.populationCount)
  })
})

describe('what is not there', () => {
  const refused = (promise: Promise<unknown>, code: string) => expect(promise).rejects.toMatchObject({ code })

  it('is not found: unknown kinds, rows and directories, and rows that came later', async () => {
    const { history } = await caller.evidence.kind({ organization, kind: 'user_inventory' })
    const newest = history.rows[0]?.id ?? ''
    const unknown = '0197f000-0000-7000-8000-000000000000'
    await refused(caller.evidence.kind({ organization, kind: 'passwords' }), 'NOT_FOUND')
    await refused(caller.evidence.get({ organization, id: unknown }), 'NOT_FOUND')
    await refused(caller.evidence.get({ organization, id: newest, asOf: after[0] }), 'NOT_FOUND')
    await refused(users({ source: unknown }), 'NOT_FOUND')
    await refused(users({ cursor: `after:${unknown}` }), 'BAD_REQUEST')
  })

  it('is not found in another organization, whatever its id', async () => {
    const other = await seedSecondOrganization(scene)
    const stranger = ownerCaller(other)
    const { history, source } = await caller.evidence.kind({ organization, kind: 'user_inventory' })
    const id = history.rows[0]?.id ?? ''
    await refused(stranger.evidence.list({ organization }), 'NOT_FOUND')
    await refused(stranger.evidence.get({ organization: other.slug, id }), 'NOT_FOUND')
    await refused(
      stranger.evidence.population({
        organization: other.slug,
        kind: 'user_inventory',
        source: source.sourceId,
      }),
      'NOT_FOUND',
    )
  })
})

describe('an auditor', () => {
  it('sees the period alone: now is its end, the rest is refused in words', async () => {
    const [first = '', second = '', third = ''] = after
    const period = { from: new Date(second.split('@')[0] ?? ''), to: new Date(second.split('@')[0] ?? '') }
    period.to = new Date(period.to.getTime() + 10 * 60_000)
    const auditor = await auditorCaller(scene, period)
    const kind = 'user_inventory'
    const now = await auditor.evidence.population({ organization, kind })
    expect(now.asOf.instant).toEqual(period.to)
    expect(now.total).toBe((await users({ asOf: second })).total)
    for (const asOf of [first, third]) {
      const outside = { organization, asOf }
      const words = {
        code: 'NOT_FOUND',
        cause: { userMessage: expect.stringContaining('Your access covers') },
      }
      await expect(auditor.evidence.list(outside)).rejects.toMatchObject(words)
      await expect(auditor.evidence.kind({ ...outside, kind })).rejects.toMatchObject(words)
      await expect(auditor.evidence.population({ ...outside, kind })).rejects.toMatchObject(words)
      await expect(auditor.evidence.populationCsv({ ...outside, kind })).rejects.toMatchObject(words)
      await expect(auditor.evidence.get({ ...outside, id: kindId(now) })).rejects.toMatchObject(words)
    }
    const all = await caller.evidence.kind({ organization, kind })
    const [newest, inForce, over] = all.history.rows.map(row => row.id)
    const seen = await auditor.evidence.kind({ organization, kind })
    expect(seen.history.rows.map(row => row.id)).toEqual([inForce])
    await expect(auditor.evidence.get({ organization, id: newest ?? '' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(auditor.evidence.get({ organization, id: over ?? '' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      cause: { userMessage: expect.stringContaining('does not exist, or you cannot see it') },
    })
    expect((await auditor.evidence.get({ organization, id: inForce ?? '' })).evidence.previousId).toBeNull()
  })
})

const kindId = ({ rows }: { rows: { subjectKey: string }[] }) => rows[0]?.subjectKey ?? ''
