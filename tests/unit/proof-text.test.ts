import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MalformedNote } from '../../server/ledger/malformed-note.ts'
import { formatProofText, parseProofText } from '../../server/ledger/proof-text.ts'

/** The example of c2sp.org/tlog-proof, without its extra data. */
const example = `c2sp.org/tlog-proof@v1
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=

example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

— example.com/fancylog hI2DJw==
`

test('the example of the format is read and written as it stands', () => {
  const proof = parseProofText(example)
  expect(proof).toMatchObject({ index: 73_894, proof: [{ length: 32 }, { length: 32 }] })
  expect(proof.checkpoint.startsWith('example.com/fancylog\n109482\n')).toBe(true)
  expect(formatProofText(proof)).toBe(example)
})

test('any proof is read as it was written', () => {
  const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => Buffer.from(bytes))
  fc.assert(
    fc.property(
      fc.maxSafeNat(),
      fc.array(hash, { maxLength: 64 }),
      fc.string(),
      (index, hashes, checkpoint) => {
        const proof = { index, proof: hashes, checkpoint }
        expect(parseProofText(formatProofText(proof))).toEqual(proof)
      },
    ),
  )
})

test.each([
  ['another first line', example.replace('@v1', '@v2')],
  ['no index', example.replace('index 73894\n', '')],
  ['a negative index', example.replace('index 73894', 'index -1')],
  ['a leading zero', example.replace('index 73894', 'index 073894')],
  ['an index beyond any log', example.replace('index 73894', 'index 9007199254740992')],
  ['extra data', example.replace('index', 'extra AA==\nindex')],
  ['a short hash', example.replace('gSKyXoYZ', 'gSKy')],
  ['a hash that is no Base 64', example.replace('gSKyXoYZ', 'gSKyXoY*')],
  ['no checkpoint', example.slice(0, example.indexOf('\n\n') + 1)],
])('a proof with %s is refused', (_, text) => {
  expect(() => parseProofText(text)).toThrow(MalformedNote)
})
