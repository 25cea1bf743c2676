import { type ItemByKind, parseItem } from './items.ts'
import type { EvidenceKind } from './kinds.ts'
import { itemNames, type PopulationCell, populationCells, type RowContext } from './population-cells.ts'
import { type Removal, removalWords } from './removal.ts'

/** One item of a population as it is shown. Of a removed body only its key and hash are left. */
export interface PopulationRow {
  subjectKey: string
  itemHash: string
  isRemoved: boolean
  /** What is said in the place of a body that is gone; null of one that is held. */
  removed: string | null
  name: string
  login: string | null
  cells: Record<string, PopulationCell>
}

/** The kind of which a row takes the subject’s item beside its own: an account’s registration record, an activity’s account. */
export const companionKinds: Readonly<Partial<Record<EvidenceKind, EvidenceKind>>> = {
  user_inventory: 'mfa_registration',
  sign_in_activity: 'user_inventory',
}

/** What a row is made from. */
export interface RowSource {
  subjectKey: string
  itemHash: string
  /** Null where the body was purged. */
  body: string | null
  /** What removed the body, where that was looked up. */
  removal?: Removal | null
  /** The subject’s body of the companion kind; null where there is none. */
  companion: string | null
}

/** What the rows of a population have in common: the asked instant, and whether registration records were ever collected. */
export interface RowFrame {
  at: Date
  isRegistrationKnown: boolean
}

export function populationRow(kind: EvidenceKind, source: RowSource, frame: RowFrame): PopulationRow {
  const { subjectKey, itemHash, body } = source
  if (body === null) {
    const removed = removalWords(source.removal)
    return { subjectKey, itemHash, isRemoved: true, removed, name: '', login: null, cells: {} }
  }
  const parsed: ItemByKind[typeof kind] = parseItem(kind, body)
  const context = contextOf(kind, source, frame)
  return {
    subjectKey,
    itemHash,
    isRemoved: false,
    removed: null,
    ...itemNames(kind, parsed, context),
    cells: populationCells(kind, parsed, context),
  }
}

function contextOf(
  kind: EvidenceKind,
  { companion }: RowSource,
  { at, isRegistrationKnown }: RowFrame,
): RowContext {
  if (kind === 'sign_in_activity') {
    return { at, account: companion === null ? null : parseItem('user_inventory', companion) }
  }
  if (companion !== null) return { at, registration: parseItem('mfa_registration', companion) }
  // Without records ever collected, "no record" would be a claim.
  return { at, registration: isRegistrationKnown ? null : undefined }
}
