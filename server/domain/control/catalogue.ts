import { type EvidenceKind, evidenceKinds } from '../evidence/kinds.ts'
import { catalogueVersion1 } from './catalogue-version-1.ts'
import { catalogueVersion2 } from './catalogue-version-2.ts'
import type { Catalogue, ControlDefinition } from './definition.ts'

const versions: ReadonlyMap<number, Catalogue> = new Map([
  [1, catalogueVersion1],
  [2, catalogueVersion2],
])

/** The newest version that organizations adopt. A later one is known here, and not offered before all its rules are. */
export const latestCatalogueVersion = 2

/**
 * The catalogue of a version. A published version never changes: the version in force at an instant judges it.
 * @throws {RangeError} when there is no such version.
 */
export function catalogue(version: number): Catalogue {
  const found = versions.get(version)
  if (found === undefined) throw new RangeError(`There is no catalogue version ${version}`)
  return found
}

/**
 * One control of a catalogue.
 * @throws {RangeError} when the catalogue has no such control.
 */
export function controlOf(from: Catalogue, id: string): ControlDefinition {
  const found = from.controls.find(control => control.id === id)
  if (found === undefined) throw new RangeError(`Catalogue version ${from.version} has no control ${id}`)
  return found
}

/** The kinds that some control of a catalogue rests on; others are collected for a later version. */
export const kindsInUse = ({ controls }: Catalogue): EvidenceKind[] =>
  evidenceKinds.filter(kind => controls.some(control => control.evidence.includes(kind)))

/** The controls that an evidence kind serves, in the catalogue's order. */
export function controlsServedBy(from: Catalogue, kind: EvidenceKind): ControlDefinition[] {
  return from.controls.filter(control => control.evidence.includes(kind))
}
