import { expect, test } from 'vitest'
import { type Frame, KeptFrames } from '../../server/coverage/kept-frames.ts'

const organizationId = '00000000-0000-4000-8000-000000000001'
const asked = { organizationId, position: 7, from: null }

/** Frames told apart by which reading they came of. */
function reader() {
  let readings = 0
  const readNow = async (): Promise<Frame> => ({ controls: ++readings, openAlerts: 0 })
  return { readNow, kept: new KeptFrames() }
}

test('a frame is read once as of a position', async () => {
  const { kept, readNow } = reader()
  await kept.read(asked, readNow)
  expect(await kept.read(asked, readNow)).toEqual({ controls: 1, openAlerts: 0 })
})

test('an event, another organization and an auditor’s period have frames of their own', async () => {
  const { kept, readNow } = reader()
  await kept.read(asked, readNow)
  const others = [
    { ...asked, position: 8 },
    { ...asked, organizationId: organizationId.replace('1', '2') },
    { ...asked, from: new Date('2026-11-20T10:00:00Z') },
  ]
  for (const [index, other] of others.entries())
    expect((await kept.read(other, readNow)).controls).toBe(index + 2)
})

test('one that could not be read is read again', async () => {
  const { kept, readNow } = reader()
  await expect(kept.read(asked, () => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer')
  expect((await kept.read(asked, readNow)).controls).toBe(1)
})

test('of very many those that were asked for last are kept', async () => {
  const { kept, readNow } = reader()
  await kept.read(asked, readNow)
  for (let position = 8; position < 1_008; position++) await kept.read({ ...asked, position }, readNow)
  expect((await kept.read(asked, readNow)).controls).toBe(1_002)
})
