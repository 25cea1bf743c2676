import { expect, test } from 'vitest'
import { type KeptOverview, KeptOverviews } from '../../server/coverage/kept-overviews.ts'
import type { Overview } from '../../server/coverage/read-overview.ts'

const organizationId = '00000000-0000-4000-8000-000000000001'
const start = Date.parse('2026-11-20T10:00:00Z')
const at = (seconds: number, position = 7) => ({
  instant: new Date(start + 1_000 * seconds),
  position,
  isNow: true,
})

type Asked = Parameters<KeptOverviews['read']>[0]

/** Overviews of nothing, told apart by which reading they came of. */
function reader() {
  let readings = 0
  // Nobody looks inside.
  const readNow = async () => ({ percent: ++readings }) as Overview
  const kept = new KeptOverviews()
  const never = (): Promise<KeptOverview> => Promise.reject(new Error('nothing was to be read ahead'))
  return {
    readNow,
    kept: { read: (asked: Asked, read = readNow, ahead = never) => kept.read(asked, read, ahead) },
  }
}

test('what was just read is handed out again, as of the instant at which it was read', async () => {
  const { kept, readNow } = reader()
  const asked = { organizationId, earliest: null }
  const first = await kept.read({ ...asked, asOf: at(0) }, readNow)
  const again = await kept.read({ ...asked, asOf: at(11) }, readNow)
  expect(again).toEqual(first)
  expect(again.asOf.instant).toEqual(at(0).instant)
  expect((await kept.read({ ...asked, asOf: at(15) }, readNow)).overview.percent).toBe(2)
})

test('an event, another organization, an auditor’s period and a clock that was set back are read for themselves', async () => {
  const { kept, readNow } = reader()
  const asked = { organizationId, asOf: at(1), earliest: null }
  await kept.read(asked, readNow)
  const others = [
    { ...asked, asOf: at(1, 8) },
    { ...asked, organizationId: organizationId.replace('1', '2') },
    { ...asked, earliest: new Date(start) },
    { ...asked, asOf: at(0) },
    { ...asked, asOf: { ...at(1), isNow: false } },
  ]
  const read = []
  for (const other of others) read.push((await kept.read(other, readNow)).overview.percent)
  expect(read).toEqual([2, 3, 4, 5, 6])
})

test('who asks at the same time shares a reading, and one that failed is not kept', async () => {
  const { kept, readNow } = reader()
  const asked = { organizationId, asOf: at(0), earliest: null }
  const failing = async () => Promise.reject(new Error('the database is away'))
  await expect(kept.read(asked, failing)).rejects.toThrow('away')
  const [one, other] = await Promise.all([kept.read(asked, readNow), kept.read(asked, readNow)])
  expect([one.overview.percent, other.overview.percent]).toEqual([1, 1])
})

test('while pages keep asking, the next is read ahead once, and nobody waits for it', async () => {
  const { kept, readNow } = reader()
  const asked = { organizationId, earliest: null }
  const percent = async (seconds: number, ahead?: () => Promise<KeptOverview>) =>
    (await kept.read({ ...asked, asOf: at(seconds) }, readNow, ahead)).overview.percent
  await percent(0)
  let readAhead: (next: KeptOverview) => void = () => undefined
  const reading = new Promise<KeptOverview>(resolve => {
    readAhead = resolve
  })
  expect(await percent(12, () => reading)).toBe(1)
  // Asked for once: another one would be refused here.
  expect(await percent(13)).toBe(1)
  readAhead({ overview: await readNow(), asOf: at(12.1) })
  await reading
  expect(await percent(15)).toBe(2)
  expect(await percent(23)).toBe(2)
})

test('what could not be read ahead is read by who asks next', async () => {
  const { kept, readNow } = reader()
  const asked = { organizationId, earliest: null }
  await kept.read({ ...asked, asOf: at(0) }, readNow)
  const away = () => Promise.reject(new Error('the database is away'))
  expect((await kept.read({ ...asked, asOf: at(12) }, readNow, away)).overview.percent).toBe(1)
  expect((await kept.read({ ...asked, asOf: at(15) }, readNow)).overview.percent).toBe(2)
})
