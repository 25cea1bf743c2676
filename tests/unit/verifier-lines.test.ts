import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openContainer } from '../../server/verifier/container.ts'
import { DoesNotHold } from '../../server/verifier/finding.ts'
import { inflate } from '../../server/verifier/inflate.ts'
import { LineReader } from '../../server/verifier/line-reader.ts'
import { gzipMember, zip } from '../support/altered-archive.ts'
import { sourceOf } from '../support/verification.ts'

async function* piecesOf(pieces: readonly Uint8Array[]) {
  yield* pieces
}

async function linesOf(pieces: readonly Uint8Array[]): Promise<string[]> {
  const reader = new LineReader(piecesOf(pieces), 'lines')
  const lines: string[] = []
  while (reader.takeReady() || (await reader.take())) {
    // What a leaf's hash puts there must reach no line.
    reader.buffer[reader.start - 1] = 0x00
    lines.push(reader.text())
    expect(reader.place).toEqual({ path: 'lines', line: lines.length })
  }
  return lines
}

const line = fc.string({ unit: 'grapheme' }).map(text => text.replaceAll('\n', ' '))

describe('lines', () => {
  test('are the same however their bytes are cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat(60)), async (lines, cuts) => {
        const bytes = Buffer.from(lines.map(text => `${text}\n`).join(''))
        const at = [...new Set(cuts.map(cut => Math.min(cut, bytes.length)))].sort(
          (one, other) => one - other,
        )
        const pieces = [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length))
        expect(await linesOf(pieces)).toEqual(lines)
      }),
    )
  })

  test('that end in nothing are refused', async () => {
    await expect(linesOf([Buffer.from('one\ntwo')])).rejects.toThrow(/line 2|no end/)
  })

  test('that are no UTF-8 are refused, and the sign for what is no character is a character', async () => {
    await expect(linesOf([Buffer.from([0xff, 0x0a])])).rejects.toThrow(/no UTF-8/)
    expect(await linesOf([Buffer.from('\ufffd\n')])).toEqual(['\ufffd'])
  })

  test('without end are refused before they fill the memory', async () => {
    async function* endless() {
      for (;;) yield Buffer.alloc(1024 * 1024, 'x')
    }
    await expect(new LineReader(endless(), 'lines').take()).rejects.toThrow(/longer than any/)
  })
})

const path = 'events/000000.jsonl.gz'
const containing = (content: Buffer) =>
  openContainer(
    sourceOf(
      zip([
        [path, content],
        ['manifest.json', Buffer.from('{}')],
      ]),
    ),
  )
async function inflated(content: Buffer): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of inflate(containing(content), path)) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

describe('a gzip member', () => {
  const member = gzipMember('some text that is worth keeping\n')

  test('is inflated, an empty one too', async () => {
    expect(await inflated(member)).toBe('some text that is worth keeping\n')
    expect(await inflated(gzipMember(''))).toBe('')
    const long = 'a line of text\n'.repeat(200_000)
    expect(await inflated(gzipMember(long))).toBe(long)
  })

  test('with any one bit flipped is refused in words of ours, or holds the very same text', async () => {
    const text = await inflated(member)
    let refused = 0
    for (let bit = 0; bit < member.length * 8; bit++) {
      const flipped = Buffer.from(member)
      const at = Math.floor(bit / 8)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit % 8))
      try {
        expect(await inflated(flipped)).toBe(text)
      } catch (error) {
        expect(error).toBeInstanceOf(DoesNotHold)
        refused += 1
      }
    }
    // What is left are the bits that fill the last byte of the compressed text.
    expect(member.length * 8 - refused).toBeLessThan(8)
  })

  test('is refused when it is cut anywhere', async () => {
    for (let length = 0; length < member.length; length++) {
      await expect(inflated(member.subarray(0, length))).rejects.toThrow(DoesNotHold)
    }
  })

  test('that grows out of all proportion is refused', async () => {
    await expect(inflated(gzipMember(Buffer.alloc(100_000_000)))).rejects.toThrow(/times its size/)
  })
})
