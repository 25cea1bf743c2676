import { describe, expect, test } from 'vitest'
import type { StepName } from '../../server/verifier/report.ts'
import type { VerifyOptions } from '../../server/verifier/verify-archive.ts'
import { AlteredArchive, newSigner, type Signer } from './altered-archive.ts'
import { type Archive, makeArchive } from './archive.ts'
import { purgeItems } from './purge.ts'
import { seedSecondOrganization, seedSyncedOrganization, syncNow } from './seed.ts'
import { verify } from './verification.ts'

/** A way to alter an archive, and which step says what of it. */
export type Alteration = [
  name: string,
  alter: (altered: AlteredArchive) => AlteredArchive,
  expected: { step: StepName; words: RegExp; exitCode?: 1 | 2 },
]

/** An archive to be altered, one of another organization, and a key of somebody's own for the same name. */
export interface Bench {
  archive: Archive
  foreign: Archive
  signer: Signer
}

const hour = 3_600_000

/** Five hours of a directory: somebody joins, is renamed, leaves, and the bodies of two items are purged. */
export async function useBench(): Promise<Bench> {
  const scene = await seedSyncedOrganization({ size: 30 })
  const other = await seedSecondOrganization(scene)
  const directory = scene.entra.tenant(scene.spec.tenantId)
  for (let passed = 1; passed <= 4; passed++) {
    if (passed === 1) directory.addUser({ displayName: 'Ann', userPrincipalName: 'ann@example.com' })
    if (passed === 2) directory.setUser(20, { displayName: 'Åsa Renamed, "of course"' })
    if (passed === 3) directory.removeUser(21)
    scene.clock.jump(hour)
    if ((await syncNow(scene, scene.connectionId)) !== 'succeeded') throw new Error('a sync did not succeed')
  }
  await purgeItems(scene, 2)
  const { archive } = await makeArchive(scene, { kind: 'organization' })
  const { archive: foreign } = await makeArchive(other, { kind: 'organization' })
  return { archive, foreign, signer: newSigner(String(archive.json('manifest.json').origin)) }
}

/** Each alteration is found by the step that should find it; every step before that one holds. */
export function describeAlterations(
  name: string,
  { archive }: Bench,
  alterations: readonly Alteration[],
  options: Partial<VerifyOptions> = {},
): void {
  describe(name, () => {
    test.each(alterations.map(alteration => [...alteration] as const))(
      '%s is found',
      async (_, alter, { step, words, exitCode = 1 }) => {
        const report = await verify(alter(new AlteredArchive(archive)).bytes(), options)
        const found = report.steps.find(each => each.step === step)
        expect(found).toMatchObject({
          status: exitCode === 1 ? 'fails' : 'unchecked',
          words: expect.stringMatching(words),
        })
      },
    )
  })
}

/** What somebody does who has a key of their own and signs everything with it. */
export const resignedBy =
  (signer: Signer) => (alter: (altered: AlteredArchive) => unknown) => (altered: AlteredArchive) => {
    alter(altered)
    return altered.sign(signer)
  }

/** The same, with leaves, tiles and checkpoint made anew. */
export const resealedBy =
  (signer: Signer) => (alter: (altered: AlteredArchive) => unknown) => (altered: AlteredArchive) => {
    alter(altered)
    return altered.reseal(signer)
  }

/** Alters a line as text, where it is not to stay canonical. */
export const editLine =
  (path: string, index: number, edit: (line: string) => string) => (altered: AlteredArchive) =>
    altered.editLines(path, lines => lines.map((line, at) => (at === index ? edit(line) : line)))

export const swapped = <T>(list: readonly T[], one: number, other: number): T[] =>
  list.map((item, index) => (index === one ? list[other] : index === other ? list[one] : item) ?? item)

export const isOf = (type: string) => (event: { type: string }) => event.type === type

interface Evaluation {
  type: string
  data: { controlId: string; verdict: string }
}
export const evaluated = (controlId: string) => (event: Evaluation) =>
  event.type === 'ControlEvaluated' && event.data.controlId === controlId
