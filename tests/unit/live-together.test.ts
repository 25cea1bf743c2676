import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Callbacks, Open } from '../../app/lib/live.ts'
import { followTogether } from '../../app/lib/live-together.ts'

/* Pages of one browser: what follows under one name in one process is what its tabs are to each other. */

test('pages that follow the same thing share one stream, and each hears everything', async () => {
  const { streams, page } = browser()
  const [one, other, third] = [page(), page(), page()]
  await vi.waitFor(() => expect(streams).toHaveLength(1))
  streams[0]?.onData({ id: '7', data: 'first' })
  streams[0]?.onData({ id: '8', data: 'second' })
  for (const { heard } of [one, other, third]) {
    await vi.waitFor(() => expect(heard).toEqual(['first', 'second']))
  }
  expect(streams).toHaveLength(1)
})

test('a page that comes later hears the newest message alone, and the others do not hear it again', async () => {
  const { streams, page } = browser()
  const first = page()
  await vi.waitFor(() => expect(streams).toHaveLength(1))
  streams[0]?.onData({ id: '7', data: 'first' })
  streams[0]?.onData({ id: '8', data: 'second' })
  const later = page()
  await vi.waitFor(() => expect(later.heard).toEqual(['second']))
  expect(first.heard).toEqual(['first', 'second'])
})

test('when the page with the stream goes, another goes on after what it heard last', async () => {
  const { streams, opened, page } = browser()
  const first = page()
  await vi.waitFor(() => expect(streams).toHaveLength(1))
  const second = page()
  streams[0]?.onData({ id: '7', data: 'first' })
  await vi.waitFor(() => expect(second.heard).toEqual(['first']))
  first.close()
  await vi.waitFor(() => expect(opened).toEqual([null, '7']))
  streams[1]?.onData({ id: '8', data: 'second' })
  expect(second.heard).toEqual(['first', 'second'])
  expect(first.heard).toEqual(['first'])
})

test('all pages hear that the connection is lost, and that everything was told', async () => {
  const { streams, page } = browser()
  const [one, other] = [page(), page()]
  await vi.waitFor(() => expect(streams).toHaveLength(1))
  streams[0]?.onReconnecting()
  streams[0]?.onComplete()
  for (const { heard } of [one, other]) await vi.waitFor(() => expect(heard).toEqual(['(lost)', '(end)']))
})

function browser() {
  const name = randomUUID()
  const streams: Callbacks<string>[] = []
  const opened: (string | null)[] = []
  const open: Open<string> = (lastEventId, callbacks) => {
    opened.push(lastEventId)
    streams.push(callbacks)
    return { unsubscribe: () => undefined }
  }
  const page = () => {
    const heard: string[] = []
    const close = followTogether(name, open, {
      isEndless: false,
      onData: data => heard.push(data),
      onLost: () => heard.push('(lost)'),
      onEnd: () => heard.push('(end)'),
    })
    onTestFinished(close)
    return { heard, close }
  }
  return { streams, opened, page }
}
