import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatCheckpoint, isSimulated, parseCheckpoint } from '../../server/ledger/checkpoint-text.ts'
import { MalformedNote } from '../../server/ledger/malformed-note.ts'
import { parseNote } from '../../server/ledger/signed-note.ts'

/** The example of c2sp.org/tlog-checkpoint: one of the checksum database of Go, whose signature is held to its own name elsewhere. */
const example =
  'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n'

test('the example of the format is read and written as it stands', () => {
  const { text, signatures } = parseNote(example)
  const checkpoint = parseCheckpoint(text)
  expect(checkpoint).toEqual({
    origin: 'example.com/behind-the-sofa',
    size: 20_852_163,
    root: Buffer.from('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'base64'),
    extensions: [],
  })
  expect(signatures).toMatchObject([{ keyName: 'example.com/behind-the-sofa', keyId: '033de0ae' }])
  expect(formatCheckpoint(checkpoint)).toBe(text)
})

const root = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I='

test.each([
  ['no final line end', `log\n1\n${root}`],
  ['two lines', 'log\n1\n'],
  ['an empty origin', `\n1\n${root}\n`],
  ['a leading zero', `log\n01\n${root}\n`],
  ['a sign', `log\n+1\n${root}\n`],
  ['a negative size', `log\n-1\n${root}\n`],
  ['a fraction', `log\n1.5\n${root}\n`],
  ['an exponent', `log\n1e3\n${root}\n`],
  ['a size beyond any log', `log\n9007199254740992\n${root}\n`],
  ['a space after the size', `log\n1 \n${root}\n`],
  ['a short root', `log\n1\n${root.slice(4)}\n`],
  ['a root without padding', `log\n1\n${root.slice(0, -1)}\n`],
  ['a root with bits that mean nothing', `log\n1\n${root.replace('q2I=', 'q2J=')}\n`],
  ['an empty extension', `log\n1\n${root}\n\n`],
  ['an empty line between extensions', `log\n1\n${root}\na\n\nb\n`],
])('a checkpoint with %s is refused with a reason', (_, text) => {
  expect(() => parseCheckpoint(text)).toThrow(MalformedNote)
  expect(() => parseCheckpoint(text)).toThrow(/^(The|A) .+\.$/)
})

test('any checkpoint is read as it was written', () => {
  const line = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .map(text => text.replaceAll(/\p{Cc}/gu, ''))
    .filter(text => text !== '')
  fc.assert(
    fc.property(
      line,
      fc.maxSafeNat(),
      fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => Buffer.from(bytes)),
      fc.array(line),
      (origin, size, hash, extensions) => {
        const checkpoint = { origin, size, root: hash, extensions }
        expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint)
      },
    ),
  )
})

test('what would not be read is not written', () => {
  const good = { origin: 'log', size: 1, root: Buffer.alloc(32), extensions: [] }
  for (const bad of [
    { ...good, origin: '' },
    { ...good, origin: 'log\n1' },
    { ...good, size: -1 },
    { ...good, size: 1.5 },
    { ...good, root: Buffer.alloc(31) },
    { ...good, extensions: [''] },
    { ...good, extensions: ['a\nb'] },
  ]) {
    expect(() => formatCheckpoint(bad)).toThrow(MalformedNote)
  }
})

test('a simulated log says so in an extension of its own', () => {
  const checkpoint = { origin: 'log', size: 1, root: Buffer.alloc(32), extensions: ['simulated'] }
  expect(formatCheckpoint(checkpoint).split('\n')[3]).toBe('simulated')
  expect(isSimulated(parseCheckpoint(formatCheckpoint(checkpoint)))).toBe(true)
  expect(isSimulated({ extensions: ['not simulated'] })).toBe(false)
})
