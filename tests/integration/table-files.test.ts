import { describe, expect, test } from 'vitest'
import { newId } from '../../server/ledger/ids.ts'
import { callerOf, ownerCaller } from '../support/caller.ts'
import { seedSyncedOrganization } from '../support/seed.ts'

/* What a page lists as a file: the same rows by the same filters, and where they come from. */

const scene = await seedSyncedOrganization({ size: 60 })
const { slug: organization, connectionId } = scene
const caller = ownerCaller(scene)

async function linesOf({ pieces }: { pieces: AsyncIterable<string> }): Promise<string[]> {
  let text = ''
  for await (const piece of pieces) text += piece
  const lines = text.split('\r\n')
  expect(lines.pop()).toBe('')
  return lines
}

const rowsOf = async (file: { pieces: AsyncIterable<string> }) =>
  (await linesOf(file)).filter(line => !line.startsWith('# ')).slice(1)

describe('a table as a file', () => {
  test('says what it is, whose, and as of when, before its rows', async () => {
    const file = await caller.controls.csv({ organization })
    expect(file.filename).toMatch(/^controls-[\w-]+\.csv$/)
    const lines = await linesOf(file)
    expect(lines[0]).toBe('# Table,Controls')
    expect(lines).toContain(`# As of,${file.asOf.instant.toISOString()}`)
    expect(lines).toContain(`# Ledger position,${file.asOf.position}`)
  })

  test('has each control, member, alert and run of its page', async () => {
    const { criteria } = await caller.controls.list({ organization })
    const controls = criteria.flatMap(each => each.controls.map(({ id }) => id))
    const ids = (await rowsOf(await caller.controls.csv({ organization }))).map(row => row.split(',')[0])
    expect(ids).toEqual(controls)
    const { members } = await caller.memberList({ organization })
    expect(await rowsOf(await caller.memberCsv({ organization }))).toHaveLength(members.length)
    const { open, past } = await caller.alerts.list({ organization })
    expect(await rowsOf(await caller.alerts.csv({ organization }))).toHaveLength(open.length + past.length)
    const { runs } = await caller.connections.runs({ organization, connectionId, limit: 100 })
    expect(await rowsOf(await caller.connections.runsCsv({ organization, connectionId }))).toHaveLength(
      runs.length,
    )
  })

  test('has more accounts than a page shows, and those alone that a search leaves', async () => {
    const all = await caller.accounts.list({ organization })
    const rows = await rowsOf(await caller.accounts.csv({ organization }))
    expect(rows).toHaveLength(all.total)
    const search = all.accounts[0]?.name?.slice(0, 2) ?? ''
    const found = await caller.accounts.list({ organization, search })
    const file = await caller.accounts.csv({ organization, search })
    const lines = await linesOf(file)
    expect(lines).toContain(`# Only names that begin with,${search}`)
    const keys = lines.slice(-found.accounts.length).map(line => line.split(',').at(-1))
    expect(keys).toEqual(found.accounts.map(({ subjectKey }) => subjectKey))
  })

  test('has the events of a filter, back to the first', async () => {
    const { newestPosition } = await caller.ledger.head({ organization })
    const rows = await rowsOf(await caller.ledger.eventsCsv({ organization }))
    expect(rows).toHaveLength(newestPosition + 1)
    expect(rows[0]).toMatch(new RegExp(`^${newestPosition},`))
    expect(rows.at(-1)).toMatch(/^0,/)
    const type = 'ConnectionConnected'
    const some = await rowsOf(await caller.ledger.eventsCsv({ organization, type }))
    expect(some).toHaveLength(1)
  })

  test('is of a past moment where one was asked for', async () => {
    expect(await rowsOf(await caller.ledger.eventsCsv({ organization, asOf: '2' }))).toHaveLength(3)
  })

  test('is not found by who belongs to another organization', async () => {
    const stranger = callerOf(scene.services, { id: newId(), name: 'Eve', email: 'eve@example.com' })
    const asks = [
      () => stranger.controls.csv({ organization }),
      () => stranger.memberCsv({ organization }),
      () => stranger.alerts.csv({ organization }),
      () => stranger.accounts.csv({ organization }),
      () => stranger.ledger.eventsCsv({ organization }),
      () => stranger.connections.runsCsv({ organization, connectionId }),
    ]
    for (const ask of asks) await expect(ask()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
