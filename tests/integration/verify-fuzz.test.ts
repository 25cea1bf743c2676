import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sealNow } from '../../server/ledger/seal-log.ts'
import { parseVerifierKey } from '../../server/ledger/verifier-key.ts'
import { exitCodeOf, type Report } from '../../server/verifier/report.ts'
import type { VerifyOptions } from '../../server/verifier/verify-archive.ts'
import { AlteredArchive, gzipMember, newSigner, zip } from '../support/altered-archive.ts'
import { makeArchive } from '../support/archive.ts'
import { testLaw } from '../support/law.ts'
import { type Mutation, mutate, mutation } from '../support/mutations.ts'
import { purgeItems } from '../support/purge.ts'
import { seedSecondOrganization, seedSyncedOrganization, syncNow } from '../support/seed.ts'
import { verify } from '../support/verification.ts'

/*
 * An archive as the product makes it, in the hands of chance: whatever becomes of its bytes, files and lines, the verifier
 * says that something is wrong, in words that were foreseen, and in the end.
 */
const scene = await seedSyncedOrganization({ size: 25, riskySignInsPerDay: 6 })
const other = await seedSecondOrganization(scene)
const directory = scene.entra.tenant(scene.spec.tenantId)
for (let passed = 1; passed <= 3; passed++) {
  await sealNow(scene.services, scene.organizationId)
  if (passed === 1) directory.addUser({ displayName: 'Ann', userPrincipalName: 'ann@example.com' })
  if (passed === 2) directory.removeUser(20)
  scene.clock.jump(3_600_000)
  for (const each of [scene, other]) await syncNow(each, each.connectionId)
}
await purgeItems(scene, 1)
await purgeItems(other, 1)
const { archive } = await makeArchive(scene, { kind: 'organization' })
const keys = [parseVerifierKey(archive.text('keys.txt').trim())]

/** No event of it announces a key yet: whoever signs it anew contradicts nothing in it. */
const { archive: unannounced } = await makeArchive(other, { kind: 'organization' })
const signer = newSigner(String(unannounced.json('manifest.json').origin))

const longest = 20_000

/** The verifier comes to its end, each step says something, and no check broke off on what it did not expect. */
async function requireForeseen(bytes: Buffer, options: Partial<VerifyOptions> = {}): Promise<Report> {
  const startedAt = performance.now()
  const report = await verify(bytes, options)
  expect(performance.now() - startedAt).toBeLessThan(longest)
  for (const { words } of report.steps) {
    expect(words).not.toBe('')
    expect(words).not.toContain('The check broke off')
  }
  return report
}

/** And it was noticed: not every step holds. */
async function requireNoticed(bytes: Buffer, options: Partial<VerifyOptions> = {}): Promise<void> {
  expect(exitCodeOf(await requireForeseen(bytes, options))).not.toBe(0)
}

/** Files in the canonical container, as somebody would put them who knows its form. */
const files = [...archive.files]
const path = fc.constantFrom(...archive.paths)
const index = fc.nat({ max: files.length - 1 })
type File = readonly [path: string, content: Buffer]

/** Something that happens to the list of files. */
const ofFiles: fc.Arbitrary<(list: File[]) => File[]> = fc.oneof(
  fc.tuple(index, index).map(([one, other]) => (list: File[]) => {
    const contents = list.map(([, content]) => content)
    const swapped = { [one]: contents[other], [other]: contents[one] }
    return list.map(([name, content], at): File => [name, swapped[at] ?? content])
  }),
  fc.tuple(index, index).map(([one, other]) => (list: File[]) => {
    const copied = list[other]?.[1]
    return list.map(([name, content], at): File => [name, at === one && copied ? copied : content])
  }),
  index.map(one => (list: File[]) => list.toSpliced(one, 1)),
  fc.tuple(index, index).map(
    ([one, at]) =>
      (list: File[]) =>
        list.toSpliced(at, 0, ...list.slice(one, one + 1)),
  ),
  fc.tuple(index, index).map(([one, at]) => (list: File[]) => {
    const moved = list.slice(one, one + 1)
    return list.toSpliced(one, 1).toSpliced(at, 0, ...moved)
  }),
  fc.tuple(index, fc.oneof(path, fc.stringMatching(/^[!-~]{1,40}$/))).map(
    ([one, name]) =>
      (list: File[]) =>
        list.map(([before, content], at): File => [at === one ? name : before, content]),
  ),
  fc.tuple(index, mutation).map(
    ([one, change]) =>
      (list: File[]) =>
        list.map(([name, content], at): File => [name, at === one ? mutate(content, change) : content]),
  ),
)

const texts = archive.paths.filter(
  name => !name.endsWith('.gz') && !name.startsWith('tile/') && name !== 'verify.mjs',
)
const compressed = unannounced.paths.filter(name => name.endsWith('.gz'))
const events = 'events/000000.jsonl.gz'

/** Whole lines of a text removed, doubled, swapped, or one of them altered. */
const ofLines: fc.Arbitrary<(text: Buffer) => Buffer> = fc
  .tuple(fc.constantFrom('remove', 'double', 'swap', 'alter'), fc.nat(), fc.nat(), mutation)
  .map(([how, first, second, change]: [string, number, number, Mutation]) => (text: Buffer) => {
    const lines = text.toString('latin1').split(/(?<=\n)/)
    const [one, other] = [first % Math.max(lines.length, 1), second % Math.max(lines.length, 1)]
    const [line = '', another = ''] = [lines[one], lines[other]]
    const altered = {
      remove: () => lines.toSpliced(one, 1),
      double: () => lines.toSpliced(one, 0, line),
      swap: () => lines.with(one, another).with(other, line),
      alter: () => lines.with(one, mutate(Buffer.from(line, 'latin1'), change).toString('latin1')),
    }[how]
    return Buffer.from((altered?.() ?? lines).join(''), 'latin1')
  })

describe('of a real archive', () => {
  test('as it is every step holds, whoever signed it', async () => {
    expect(exitCodeOf(await verify(archive.bytes, { keys }))).toBe(0)
    for (const forged of [
      new AlteredArchive(unannounced).sign(signer),
      new AlteredArchive(unannounced).reseal(signer),
    ])
      expect(exitCodeOf(await verify(forged.bytes()))).toBe(0)
  })

  testLaw(
    'no change of its bytes passes',
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async changes => {
      const altered = changes.reduce(mutate, archive.bytes)
      fc.pre(!altered.equals(archive.bytes))
      await requireNoticed(altered, { keys })
    }),
    { runs: 200, seconds: 60 },
  )

  testLaw(
    'no change of its files passes, in a container that is in order',
    fc.asyncProperty(ofFiles, async change => {
      const altered = zip(change(files))
      fc.pre(!altered.equals(archive.bytes))
      await requireNoticed(altered, { keys })
    }),
    { runs: 120, seconds: 60 },
  )

  testLaw(
    'no change of a line of its texts passes',
    fc.asyncProperty(fc.constantFrom(...texts), ofLines, async (name, change) => {
      const content = change(archive.file(name))
      fc.pre(!content.equals(archive.file(name)))
      const altered = zip(files.map(([each, before]) => [each, each === name ? content : before]))
      await requireNoticed(altered, { keys })
    }),
    { runs: 120, seconds: 60 },
  )

  testLaw(
    'no change of what it compresses passes, where the files are listed anew and signed by another key',
    fc.asyncProperty(fc.constantFrom(...compressed), ofLines, async (name, change) => {
      const before = gunzipSync(unannounced.file(name))
      const after = change(before)
      fc.pre(!after.equals(before))
      const altered = new AlteredArchive(unannounced)
      altered.files.set(name, gzipMember(after))
      await requireNoticed(altered.sign(signer).bytes())
    }),
    { runs: 120, seconds: 60 },
  )

  // Whoever seals another log has another log: what a checkpoint that somebody kept exposes, and nothing else must.
  testLaw(
    'no event breaks a check off, where the log is sealed anew over whatever became of its events',
    fc.asyncProperty(ofLines, async change => {
      const altered = new AlteredArchive(unannounced)
      altered.files.set(events, gzipMember(change(gunzipSync(unannounced.file(events)))))
      fc.pre(isSealable(altered))
      await requireForeseen(altered.reseal(signer).bytes())
    }),
    { runs: 80, seconds: 60 },
  )
})

/** Leaves can be made of these lines, well or ill. */
function isSealable(altered: AlteredArchive): boolean {
  try {
    return altered.lines('events').every(line => !Number.isNaN(Date.parse(JSON.parse(line).time)))
  } catch {
    return false
  }
}
