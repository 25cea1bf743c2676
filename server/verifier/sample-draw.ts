import { populationKind, populationStanding } from '../domain/assessment/control-population.ts'
import { createSampler, sampleAlgorithm } from '../domain/assessment/sample.ts'
import type { EventPayload } from '../domain/events.ts'
import { evidenceKind } from '../domain/evidence/kinds.ts'
import { companionKinds } from '../domain/evidence/population-row.ts'
import { sha256Hex } from '../ledger/canonical.ts'
import { CompactTree, leafHash } from '../ledger/merkle.ts'
import type { EvidenceWalk } from './evidence-walk.ts'
import { DoesNotHold, NotCheckable, type Place } from './finding.ts'
import type { ItemIndex, ItemStore } from './item-store.ts'

type Sample = EventPayload<'SampleDrawn'>

/**
 * Draws a sample again from what is held now, at the position that it is of.
 * @returns the subject keys by rank; null where contents of the population were purged since
 * @throws {DoesNotHold} where the population is not the one that was drawn from
 */
export function drawAgain(
  sample: Sample,
  { walk, items }: { walk: EvidenceWalk; items: ItemStore },
  place: Place,
): string[] | null {
  const { controlId, kind, instant, seed, size, population, algorithm } = sample
  if (algorithm !== sampleAlgorithm) {
    throw new NotCheckable(`This verifier does not know version ${algorithm} of the way of drawing.`, place)
  }
  if (populationKind(controlId) !== kind) {
    throw new DoesNotHold(`The population of ${controlId} is not in the evidence that was drawn from.`, place)
  }
  const at = new Date(instant)
  const sampler = createSampler<null>({ seed, size, sha256Hex })
  const tree = new CompactTree()
  let isWhole = true
  for (const { subject, body, companion } of membersOf(sample, walk, items)) {
    if (body === null) isWhole = false
    if (!populationStanding(controlId, { body, companion }, at).isIncluded) continue
    tree.add(leafHash(Buffer.from(subject)))
    sampler.add(subject, null)
  }
  const isSame = tree.size === population.count && tree.root().toString('hex') === population.root
  if (isSame) return sampler.drawn().map(({ subjectKey }) => subjectKey)
  if (!isWhole) return null
  throw new DoesNotHold(
    `The population of ${controlId} has ${tree.size} subjects, and the sample is of ${population.count} or of others.`,
    place,
  )
}

interface Member {
  subject: string
  body: string | null
  companion: string | null
}

/** Of a state who was in it, of a feed what the window lists; each with the same subject's item of the companion kind. */
function* membersOf(
  { sourceId, kind, evidenceId }: Sample,
  { held, windows }: EvidenceWalk,
  items: ItemStore,
): Generator<Member> {
  const bodyOf = (item: ItemIndex | null | undefined) =>
    item === null || item === undefined ? null : items.body(item)
  if (evidenceKind(kind).mode === 'feed') {
    for (const { subject, item } of windows.get(evidenceId) ?? []) {
      yield { subject, body: bodyOf(item), companion: null }
    }
    return
  }
  const companionKind = companionKinds[kind]
  const companions = companionKind ? held.members(sourceId, companionKind) : null
  const { subjects, items: own } = held.members(sourceId, kind)
  let next = 0
  for (const [index, subject] of subjects.entries()) {
    while (companions && (companions.subjects[next] ?? '~') < subject) next += 1
    const companion = companions?.subjects[next] === subject ? companions.items[next] : null
    yield { subject, body: bodyOf(own[index]), companion: bodyOf(companion) }
  }
}
