import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { formatCheckpoint, parseCheckpoint } from '../../server/ledger/checkpoint-text.ts'
import { leafHash, verifyConsistency, verifyInclusion } from '../../server/ledger/merkle.ts'
import { parseProofText } from '../../server/ledger/proof-text.ts'
import { sealNow } from '../../server/ledger/seal-log.ts'
import { formatNote, parseNote, verifyNote } from '../../server/ledger/signed-note.ts'
import { parseVerifierKey } from '../../server/ledger/verifier-key.ts'
import type { Caller } from '../../server/trpc/router.ts'
import { auditorCaller, ownerCaller } from '../support/caller.ts'
import { type Scene, seedSecondOrganization, seedSyncedOrganization, syncNow } from '../support/seed.ts'

const hour = 3_600_000
const hex = (text: string) => Buffer.from(text, 'hex')
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

let scene: Scene & { connectionId: string }
let caller: Caller
let organization: string
const sizes: number[] = []

/** Three syncs, sealed after each. */
beforeAll(async () => {
  scene = await seedSyncedOrganization({ size: 30 })
  caller = ownerCaller(scene)
  organization = scene.slug
  const seal = async () => {
    sizes.push((await sealNow(scene.services, scene.organizationId)).size)
  }
  await seal()
  for (const index of [3, 5]) {
    scene.clock.jump(hour)
    scene.entra.tenant(scene.spec.tenantId).setUser(index, { accountEnabled: false })
    await syncNow(scene, scene.connectionId)
    await seal()
  }
})

const newestNote = async () => {
  const { checkpoints } = await caller.ledger.checkpoints({ organization })
  return (await caller.ledger.checkpoint({ organization, size: checkpoints[0]?.size ?? 0 })).note
}

describe('a proof of an event', () => {
  test('is checked by nothing but its own text, the key and the envelope, for every event', async () => {
    const { newestPosition } = await caller.ledger.head({ organization })
    const { keys } = await caller.ledger.checkpoints({ organization })
    const known = keys.map(key => parseVerifierKey(key.verifierKey))
    for (let position = 0; position <= newestPosition; position++) {
      const { envelope, proof, leafHash: leaf } = await caller.ledger.inclusion({ organization, position })
      const { payloadSha256, canonicalPayload } = await caller.ledger.event({ organization, position })
      expect(JSON.parse(envelope)).toMatchObject({ seq: position, payloadSha256: sha256(canonicalPayload) })
      expect(payloadSha256).toBe(sha256(canonicalPayload))
      const { index, proof: hashes, checkpoint } = parseProofText(proof?.text ?? '')
      const note = parseNote(checkpoint)
      const { size, root } = parseCheckpoint(note.text)
      expect(verifyNote(note, known).kind).toBe('signed')
      expect(leafHash(Buffer.from(envelope)).toString('hex')).toBe(leaf)
      expect(verifyInclusion({ index, size, leafHash: hex(leaf), proof: hashes, root })).toBe(true)
      expect(index).toBe(position)
      expect(proof).toMatchObject({
        holds: true,
        isSimulated: true,
        root: Buffer.from(root).toString('hex'),
        size,
        note: checkpoint,
        verifierKey: keys[0]?.verifierKey,
      })
    }
  })

  test('is made against any checkpoint that covers the event', async () => {
    for (const size of sizes) {
      const { proof } = await caller.ledger.inclusion({ organization, position: 2, size })
      expect(proof).toMatchObject({ size, holds: true })
    }
    const [first = 0] = sizes
    const early = caller.ledger.inclusion({ organization, position: first, size: first })
    await expect(early).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      cause: { userMessage: expect.stringContaining('ends before') },
    })
    await expect(
      caller.ledger.inclusion({ organization, position: 2, size: first + 1 }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(caller.ledger.inclusion({ organization, position: 999_999 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('of a past moment is of the events of then, against today’s checkpoint', async () => {
    const [first = 0] = sizes
    const asOf = String(first - 1)
    expect(await caller.ledger.inclusion({ organization, asOf, position: 2 })).toMatchObject({
      asOf: { position: first - 1 },
      proof: { size: sizes.at(-1), holds: true },
    })
    await expect(caller.ledger.inclusion({ organization, asOf, position: first })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('is not there yet for an event that came after the newest checkpoint, and soon is', async () => {
    const { connectionId } = scene
    scene.clock.jump(hour)
    await syncNow(scene, connectionId)
    const { newestPosition } = await caller.ledger.head({ organization })
    const waiting = await caller.ledger.inclusion({ organization, position: newestPosition })
    expect(waiting).toMatchObject({ position: newestPosition, proof: null })
    sizes.push((await sealNow(scene.services, scene.organizationId)).size)
    expect(await caller.ledger.inclusion({ organization, position: newestPosition })).toMatchObject({
      proof: { size: newestPosition + 1, holds: true },
    })
  })

  test('is shown to an auditor of the events of the period alone', async () => {
    const { event } = await caller.ledger.event({ organization, position: sizes[0] ?? 0 })
    const period = { from: event.recordedAt, to: new Date(scene.clock.now().getTime() + hour) }
    const auditor = await auditorCaller(scene, period)
    const inside = auditor.ledger.inclusion({ organization, position: (sizes[0] ?? 0) + 1 })
    expect((await inside).proof?.holds).toBe(true)
    await expect(auditor.ledger.inclusion({ organization, position: 2 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    // Checkpoints hold hashes only.
    expect((await auditor.ledger.checkpoints({ organization })).checkpoints).toHaveLength(sizes.length)
  })
})

describe('checkpoints', () => {
  test('are listed newest first, by pages, with the keys, and as of a moment those of then', async () => {
    const list = await caller.ledger.checkpoints({ organization })
    expect(list.checkpoints.map(({ size }) => size)).toEqual(sizes.toReversed())
    expect(list).toMatchObject({
      origin: `localhost:3000/ledger/${scene.organizationId}`,
      isSimulated: true,
      next: null,
      keys: [{ algorithm: 'ed25519', pem: expect.stringContaining('BEGIN PUBLIC KEY') }],
    })
    const [first = 0, second = 0] = sizes
    const before = await caller.ledger.checkpoints({ organization, before: second })
    expect(before.checkpoints.map(({ size }) => size)).toEqual([first])
    const past = await caller.ledger.checkpoints({ organization, asOf: String(first) })
    expect(past.checkpoints.map(({ size }) => size)).toEqual([first])
    expect(past.size).toBe(first + 1)
    const beginning = await caller.ledger.checkpoints({ organization, asOf: '0' })
    expect(beginning).toMatchObject({ checkpoints: [], keys: [], origin: null })
  })

  test('are saved as the note that was signed', async () => {
    const [size = 0] = sizes
    const { filename, note } = await caller.ledger.checkpoint({ organization, size })
    expect(filename).toBe(`checkpoint-${organization}-${size}.txt`)
    expect(parseCheckpoint(parseNote(note).text)).toMatchObject({ size, extensions: ['simulated'] })
    await expect(caller.ledger.checkpoint({ organization, size: size + 1 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('are proven to continue one another, any two of them', async () => {
    for (const first of sizes) {
      for (const second of sizes.filter(size => size >= first)) {
        const answer = await caller.ledger.consistency({ organization, first, second })
        expect(answer.holds).toBe(true)
        expect(
          verifyConsistency({
            ...answer,
            firstRoot: hex(answer.firstRoot),
            secondRoot: hex(answer.secondRoot),
            proof: answer.hashes.map(hex),
          }),
        ).toBe(true)
      }
    }
    const [first = 0, second = 0] = sizes
    await expect(
      caller.ledger.consistency({ organization, first: second, second: first }),
    ).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      cause: { userMessage: expect.stringContaining('smaller checkpoint first') },
    })
    await expect(caller.ledger.consistency({ organization, first: 1, second })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})

describe('a checkpoint that a reader kept', () => {
  const compare = (note: string) => caller.ledger.compareCheckpoint({ organization, note })

  test.each([
    ['as it was saved', (note: string) => note],
    ['pasted without its last line end, with spaces around', (note: string) => `\n  ${note.trim()}  \n\n`],
    ['with the carriage returns of a mail', (note: string) => note.replaceAll('\n', '\r\n')],
  ])('%s is continued by the log', async (_, pasted) => {
    for (const size of sizes) {
      const { note } = await caller.ledger.checkpoint({ organization, size })
      const answer = await compare(pasted(note))
      expect(answer).toMatchObject({ verdict: 'holds', kept: { size, isSimulated: true } })
      expect(
        verifyConsistency({
          firstSize: size,
          secondSize: answer.now.size,
          firstRoot: hex(answer.kept?.root ?? ''),
          secondRoot: hex(answer.now.root),
          proof: answer.hashes.map(hex),
        }),
      ).toBe(true)
    }
  })

  test('that covers everything is told from one that events came after', async () => {
    const newest = await sealNow(scene.services, scene.organizationId)
    expect((await compare(newest.note)).explanation).toContain('which is all there is')
    const { note } = await caller.ledger.checkpoint({ organization, size: sizes[0] ?? 0 })
    expect((await compare(note)).explanation).toMatch(/^Each of the first \d+ events .* came after\.$/)
  })

  test('of another organization is of another log, also where that organization signs by the same key', async () => {
    const foreign = await seedSecondOrganization(scene)
    const { note } = await sealNow(foreign.services, foreign.organizationId)
    const answer = await compare(note)
    expect(answer).toMatchObject({ verdict: 'foreign', hashes: [] })
    expect(answer.explanation).toContain(foreign.organizationId)
    const [own] = (await caller.ledger.checkpoints({ organization })).keys
    const [other] = (await ownerCaller(foreign).ledger.checkpoints({ organization: foreign.slug })).keys
    expect(other?.pem).toBe(own?.pem)
  })

  test.each([
    ['its root', (text: string) => text.replace(/^.{44}$/m, Buffer.alloc(32).toString('base64'))],
    ['its size', (text: string) => text.replace(/^\d+$/m, '3')],
    ['what it says of simulation', (text: string) => text.replace('simulated\n', '')],
  ])('with %s altered is told', async (_, alter) => {
    const note = parseNote(await newestNote())
    const altered = { ...note, text: alter(note.text) }
    expect(altered.text).not.toBe(note.text)
    expect(await compare(formatNote(altered))).toMatchObject({ verdict: 'altered' })
  })

  test('signed by nobody who signs for this log is told', async () => {
    const note = parseNote(await newestNote())
    const signatures = note.signatures.map(entry => ({ ...entry, keyId: '01020304' }))
    expect(await compare(formatNote({ ...note, signatures }))).toMatchObject({ verdict: 'unsigned' })
  })

  test.each(['x', 'a checkpoint\nof mine', '\u0000', '— localhost AAAAAAAA', '{"size":3}'])(
    'that is none (%j) is told, with what is wrong',
    async text => {
      const answer = await compare(text)
      expect(answer).toMatchObject({ verdict: 'malformed', kept: null })
      expect(answer.explanation).toMatch(/^[A-Z].+\. Paste the whole text/)
    },
  )

  test('of more events than there are, or of other events, was signed by the key and is told', async () => {
    const [key] = (await caller.ledger.checkpoints({ organization })).keys
    const { name, keyId } = parseVerifierKey(key?.verifierKey ?? '')
    const signed = async (size: number, root: Buffer) => {
      const text = formatCheckpoint({ origin: name, size, root, extensions: ['simulated'] })
      const signature = await scene.services.signer.sign(Buffer.from(text))
      return formatNote({ text, signatures: [{ keyName: name, keyId, signature }] })
    }
    const { size } = await caller.ledger.head({ organization })
    const longer = await compare(await signed(size + 7, Buffer.alloc(32)))
    expect(longer).toMatchObject({ verdict: 'shortened', title: 'The log is shorter than it was' })
    const other = await compare(await signed(size - 2, Buffer.alloc(32)))
    expect(other).toMatchObject({ verdict: 'rewritten', title: 'The log was rewritten' })
    const empty = createHash('sha256').digest()
    expect(await compare(await signed(0, empty))).toMatchObject({ verdict: 'holds', hashes: [] })
  })
})

describe('a proof that somebody was in a population', () => {
  test('leads from the item by the evidence and the event to the signed checkpoint, for every row', async () => {
    for (const kind of ['user_inventory', 'risky_sign_ins', 'conditional_access_policies']) {
      const { rows } = await caller.evidence.population({ organization, kind })
      expect(rows.length).toBeGreaterThan(0)
      for (const { subjectKey: subject, itemHash } of rows) {
        const {
          subject: row,
          evidence,
          event,
        } = await caller.evidence.itemProof({ organization, kind, subject })
        expect(row).toMatchObject({ key: subject, itemHash })
        expect(sha256(row.item ?? '')).toBe(itemHash)
        expect(evidence.leaf).toBe(JSON.stringify([subject, itemHash]))
        const claim = {
          ...evidence,
          leafHash: leafHash(Buffer.from(evidence.leaf)),
          proof: evidence.hashes.map(hex),
          root: hex(evidence.fingerprint),
        }
        expect(verifyInclusion(claim)).toBe(true)
        expect(evidence.holds).toBe(true)
        expect(JSON.parse(event.payload)).toMatchObject({
          evidenceId: evidence.id,
          fingerprint: evidence.fingerprint,
          itemCount: evidence.itemCount,
        })
        expect(JSON.parse(event.envelope)).toMatchObject({ payloadSha256: sha256(event.payload) })
        expect(event.proof?.holds).toBe(true)
      }
    }
  })

  test('is of the population of then', async () => {
    const { rows } = await caller.evidence.population({ organization, kind: 'user_inventory' })
    const asOf = String((sizes[0] ?? 0) - 1)
    const before = await caller.evidence.population({ organization, kind: 'user_inventory', asOf })
    const changed = before.rows.find(
      row => !rows.some(now => now.subjectKey === row.subjectKey && now.itemHash === row.itemHash),
    )
    const subject = changed?.subjectKey ?? ''
    const then = await caller.evidence.itemProof({ organization, kind: 'user_inventory', subject, asOf })
    const now = await caller.evidence.itemProof({ organization, kind: 'user_inventory', subject })
    expect(then.subject.itemHash).toBe(changed?.itemHash)
    expect(now.subject.itemHash).not.toBe(changed?.itemHash)
    expect([then.evidence.holds, now.evidence.holds]).toEqual([true, true])
  })

  test('of somebody who was not in it is not found', async () => {
    for (const subject of ['3f0e4a2c-0d7c-4d5a-9d55-0f6d3f5f2b11', 'nobody']) {
      await expect(
        caller.evidence.itemProof({ organization, kind: 'user_inventory', subject }),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
  })

  test('is shown to an auditor of evidence that was in force in the period', async () => {
    const period = { from: scene.clock.now(), to: new Date(scene.clock.now().getTime() + hour) }
    const auditor = await auditorCaller(scene, period)
    const { rows } = await auditor.evidence.population({ organization, kind: 'user_inventory' })
    const proof = await auditor.evidence.itemProof({
      organization,
      kind: 'user_inventory',
      subject: rows[0]?.subjectKey ?? '',
    })
    expect(proof.evidence.holds).toBe(true)
  })
})
