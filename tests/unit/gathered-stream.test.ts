import { expect, test } from 'vitest'
import { GatheredStream } from '../../app/lib/gathered-stream.ts'

test('what is written leaves in one piece at each flush, and the rest at the end', async () => {
  const stream = new GatheredStream()
  const pieces: string[] = []
  stream.on('data', piece => pieces.push(String(piece)))
  for (const text of ['<p>', 'one', '</p>']) stream.write(text)
  stream.flush()
  stream.flush()
  stream.write('two')
  stream.write('three')
  stream.end()
  await new Promise(resolve => stream.on('end', resolve))
  expect(pieces).toEqual(['<p>one</p>', 'twothree'])
})

test('more than a buffer holds is not waited for', async () => {
  const stream = new GatheredStream()
  const large = 'x'.repeat(100_000)
  stream.write(large)
  stream.write(large)
  stream.end()
  let length = 0
  for await (const piece of stream) length += piece.length
  expect(length).toBe(200_000)
})
