import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MalformedNote } from '../../server/ledger/malformed-note.ts'
import { formatNote, parseNote, verifyNote } from '../../server/ledger/signed-note.ts'
import {
  formatVerifierKey,
  isKeyName,
  parseVerifierKey,
  publicKeyPem,
  verifierKey,
} from '../../server/ledger/verifier-key.ts'

/** The examples of c2sp.org/signed-note, of golang.org/x/mod/sumdb/note and of transparency-dev/formats. */
const published = [
  {
    who: 'the example of the format',
    key: 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
    note: 'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n',
  },
  {
    who: 'PeterNeumann',
    key: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    note: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n",
  },
  {
    // The checkpoint that c2sp.org/tlog-checkpoint shows under another name.
    who: 'the checksum database of Go',
    key: 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8',
    note: 'go.sum database tree\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— sum.golang.org Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n',
  },
  {
    who: 'a Rekor log, by ECDSA',
    key: 'rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=',
    note: 'Rekor\n798034\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0=\n\n— rekor.sigstore.dev wNI9ajBEAiARInWIWyCdyG27CO6LPnPekyw20qO0YJfoaPaowGp/XgIgc+qEHS3+GKVClgqq20uDLet7MCoTURUCRdxwWBHHufk=\n',
  },
  {
    who: 'a log of phone images, by ECDSA',
    key: 'pixel6_transparency_log+91c16e30+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABN+4x0Jk1yTwvLFI9A4NDdGZcX0aiWVdWM5XJVy0M4VWD3AvyW5Q6Hs9A0mcDkpUoYgn+KKPNzFC0H3nN3q6JQ8=',
    note: 'DEFAULT\n10\nbsWRucJU5xJPHb5eBdOm6+DM+VelCZBuvtI3sHERJ9Y=\n\n— pixel6_transparency_log kcFuMDBFAiEAhqMAP8P6qf6QxtUJhzMhbN+MbZ9dwfUHzGQJmffJHtoCIGD0cNe47dHWBoPwYdgBCepB06/+g5O1FmYjXl06owL4\n',
  },
] as const

describe.each(published)('a note that was published: $who', ({ key, note }) => {
  const known = parseVerifierKey(key)

  test('verifies with its key, and is written as it was read', () => {
    expect(verifyNote(parseNote(note), [known])).toEqual({ kind: 'signed', keys: [known] })
    expect(formatNote(parseNote(Buffer.from(note)))).toBe(note)
    expect(formatVerifierKey(known)).toBe(key)
    expect(createPublicKey(publicKeyPem(known) ?? '').type).toBe('public')
  })

  test('is forged by another text or signature, and unknown to other keys', () => {
    const read = parseNote(note)
    expect(verifyNote({ ...read, text: `${read.text}More.\n` }, [known])).toEqual({
      kind: 'forged',
      key: known,
    })
    for (let bit = 0; bit < 64; bit++) {
      const signatures = read.signatures.map(entry => ({
        ...entry,
        signature: flipped(entry.signature, bit),
      }))
      expect(verifyNote({ ...read, signatures }, [known]).kind).toBe('forged')
    }
    const others = published
      .map(other => parseVerifierKey(other.key))
      .filter(other => other.keyId !== known.keyId)
    expect(verifyNote(read, others)).toEqual({ kind: 'unknown' })
    expect(verifyNote(read, [{ ...known, name: 'somebody.else' }])).toEqual({ kind: 'unknown' })
    expect(verifyNote(read, [])).toEqual({ kind: 'unknown' })
  })

  test('has a key of which no part and no other form passes', () => {
    // The id of an ECDSA key is the hash of the key alone: its name may be any.
    const bound = known.algorithm === 'ed25519' ? 0 : known.name.length
    for (let from = 0; from <= key.length; from++) {
      if (from > 0 && from < bound) continue
      for (let to = from + 1; to <= key.length; to++) {
        if (to - from < key.length) expect(() => parseVerifierKey(key.slice(from, to))).toThrow(MalformedNote)
      }
    }
    for (let place = bound; place < key.length; place++) {
      const next = String.fromCharCode(key.charCodeAt(place) + 1)
      expect(() => parseVerifierKey(key.slice(0, place) + next + key.slice(place + 1))).toThrow(MalformedNote)
    }
  })
})

test.each([
  ['of the wrong length', 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='],
  ['of an unknown algorithm', 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
  [
    'of a witness’s cosignatures',
    'ct.googleapis.com/logs/us1/argon2024+7deb49d0+BTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABB25bKnLaZTFXOa2pgO70rjcVEMXKJkMBgFQHZ1kwFlGK9zIAx0FtC2oCfeZQe0E++VXuiYE9hFSzhRlOy92K8A=',
  ],
  ['without a name', '+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
  ['with a line end', 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n'],
  ['with an id in capitals', 'PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
])('a key %s is refused', (_, key) => {
  expect(() => parseVerifierKey(key)).toThrow(MalformedNote)
})

test('keys of other curves and other algorithms are refused', () => {
  const wide = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({
    type: 'spki',
    format: 'der',
  })
  expect(() => verifierKey({ name: 'log', algorithm: 'ecdsa-p256', publicKey: wide })).toThrow(MalformedNote)
  const edwards = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' })
  expect(() => verifierKey({ name: 'log', algorithm: 'ecdsa-p256', publicKey: edwards })).toThrow(
    MalformedNote,
  )
  expect(() => verifierKey({ name: 'log', algorithm: 'ed25519', publicKey: edwards })).toThrow(MalformedNote)
  expect(() =>
    verifierKey({ name: 'a log', algorithm: 'ed25519', publicKey: edwards.subarray(-32) }),
  ).toThrow(MalformedNote)
})

describe('a malformed note is refused with a reason', () => {
  const good = published[1].note
  const [text = '', first = '', second = ''] = [
    good.slice(0, good.indexOf('\n\n') + 1),
    ...good.slice(good.indexOf('\n\n') + 2).split(/(?<=\n)/),
  ]
  test.each([
    ['nothing', ''],
    ['only a text', text],
    ['no signature', `${text}\n`],
    ['no final line end', good.slice(0, -1)],
    ['an empty line at the end', `${good}\n`],
    ['a control character in the text', `\u0001${good}`],
    ['a carriage return', good.replaceAll('\n', '\r\n')],
    ['a tab between name and signature', good.replace('PeterNeumann ', 'PeterNeumann\t')],
    ['a line under the signatures', `${good}Unexpected line.\n`],
    ['a hyphen for the dash', good.replace('— Peter', '- Peter')],
    ['two spaces', good.replace('— Peter', '—  Peter')],
    ['a name with a space', `${text}\n— Bad Name ${first.split(' ')[2]}`],
    ['a name with a plus sign', good.replace('— PeterNeumann', '— Peter+Neumann')],
    ['a name with a wide space', good.replace('— PeterNeumann', '— Peter\u3000Neumann')],
    ['no name', good.replace('— PeterNeumann', '— ')],
    ['Base 64 without its padding', good.replace('wJnAM=\n', 'wJnAM\n')],
    ['Base 64 with bits that mean nothing', good.replace('wJnAM=\n', 'wJnAN=\n')],
    ['Base 64 of another alphabet', good.replace('x08go/', 'x08go_')],
    ['a signature of four bytes', `${text}\n— PeterNeumann x08gow==\n`],
    ['the same key twice', `${text}\n${first}${first}`],
    [
      'more signatures than anybody makes',
      `${text}\n${Array.from({ length: 101 }, (_, place) => first.replace('Peter', `Peter${place}`)).join('')}`,
    ],
    ['a lone surrogate', `\ud800${good}`],
    ['no valid UTF-8', Buffer.concat([Uint8Array.of(0xff), Buffer.from(good)])],
    ['more than a megabyte', `${'a'.repeat(1_000_000)}\n\n${first}`],
  ])('%s', (_, note) => {
    expect(() => parseNote(note)).toThrow(MalformedNote)
    expect(() => parseNote(note)).toThrow(/^(It|There|The|A) .+\.$/)
  })

  test('the parts it was made from are sound', () => {
    expect(parseNote(`${text}\n${second}${first}`).signatures.map(entry => entry.keyName)).toEqual([
      'EnochRoot',
      'PeterNeumann',
    ])
    const sixteen = Array.from({ length: 16 }, (_, place) => first.replace('Peter', `Peter${place}`)).join('')
    expect(parseNote(`${text}\n${sixteen}`).signatures).toHaveLength(16)
  })
})

test('the note that names its format keeps its empty lines', () => {
  const poem =
    'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n'
  const read = parseNote(poem)
  expect(read.text).toBe(
    'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n',
  )
  expect(read.signatures).toMatchObject([{ keyName: 'quasimodo.example/salvatore', keyId: '367ba04b' }])
  expect(formatNote(read)).toBe(poem)
})

test('any text that is signed verifies, after being written and read, by either algorithm', () => {
  const pairs = [
    { algorithm: 'ed25519', ...generateKeyPairSync('ed25519') },
    { algorithm: 'ecdsa-p256', ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) },
  ] as const
  const line = fc.string({ unit: 'grapheme' }).map(text => text.replaceAll(/\p{Cc}/gu, ''))
  const name = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter(text => isKeyName(text) && !/\p{Cc}/u.test(text))
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), name, fc.constantFrom(0, 1), (lines, keyName, which) => {
      const pair = pairs[which]
      if (!pair) throw new Error('there are two pairs')
      const spki = pair.publicKey.export({ type: 'spki', format: 'der' })
      const publicKey = pair.algorithm === 'ed25519' ? spki.subarray(-32) : spki
      const key = verifierKey({ name: keyName, algorithm: pair.algorithm, publicKey })
      const text = lines.map(each => `${each}\n`).join('')
      const hash = pair.algorithm === 'ed25519' ? null : 'sha256'
      const signature = sign(
        hash,
        Buffer.from(text),
        createPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })),
      )
      const note = formatNote({ text, signatures: [{ keyName, keyId: key.keyId, signature }] })
      expect(parseNote(note).text).toBe(text)
      expect(verifyNote(parseNote(note), [parseVerifierKey(formatVerifierKey(key))])).toMatchObject({
        kind: 'signed',
      })
      expect(verifyNote({ ...parseNote(note), text: `${text}\n` }, [key]).kind).toBe('forged')
    }),
    { numRuns: 60 },
  )
})

test('what would not be read is not written', () => {
  const [entry] = parseNote(published[0].note).signatures
  if (!entry) throw new Error('it is signed')
  for (const text of ['', 'no line end', 'a\tb\n']) {
    expect(() => formatNote({ text, signatures: [entry] })).toThrow(MalformedNote)
  }
  expect(() => formatNote({ text: 'text\n', signatures: [] })).toThrow(MalformedNote)
  expect(() => formatNote({ text: 'text\n', signatures: [{ ...entry, keyName: 'a\n\n— b' }] })).toThrow(
    MalformedNote,
  )
})

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = Uint8Array.from(bytes)
  const place = 8 + (bit >> 3)
  changed[place] = (changed[place] ?? 0) ^ (1 << (bit & 7))
  return changed
}
