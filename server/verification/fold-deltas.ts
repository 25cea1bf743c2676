import { hashLength, SubjectEntries } from '../evidence/subject-entries.ts'
import { keyLength, writeHex } from '../evidence/subject-key.ts'

/** What an evidence row changed of a subject: its item, or null where it left. */
export interface Delta {
  subjectKey: string
  itemHash: Buffer | null
}

/** The population after changes that come by pages in the order of the subject. Both are read once, side by side. */
export async function withDeltas(
  population: SubjectEntries,
  pages: AsyncIterable<readonly Delta[]>,
): Promise<SubjectEntries> {
  const next = new SubjectEntries()
  const [key, hash] = [Buffer.alloc(keyLength), Buffer.alloc(hashLength)]
  const add = (subjectKey: string, itemHash: string) => {
    writeHex(key, subjectKey)
    writeHex(hash, itemHash)
    next.add(key, hash)
  }
  const before = population.entries()
  let held = before.next()
  for await (const page of pages) {
    for (const { subjectKey, itemHash } of page) {
      while (!held.done && held.value.subjectKey < subjectKey) {
        add(held.value.subjectKey, held.value.itemHash)
        held = before.next()
      }
      if (!held.done && held.value.subjectKey === subjectKey) held = before.next()
      if (itemHash) add(subjectKey, itemHash.toString('hex'))
    }
  }
  while (!held.done) {
    add(held.value.subjectKey, held.value.itemHash)
    held = before.next()
  }
  return next
}
