import { byCodeUnit } from '../reason.ts'
import {
  appliesTo,
  areExclusive,
  type Element,
  elementKey,
  type PolicyScope,
  situationKeys,
} from './policy-scope.ts'

/** A sign-in that no policy applies to, by the least that makes it special: nothing at all, or exclusions. */
export interface Hole {
  readonly clientAppType: string
  readonly elements: readonly Element[]
}

export interface Holes {
  readonly found: readonly Hole[]
  /** False where the policies are so entangled that the search was given up: then nothing is known. */
  readonly isComplete: boolean
}

/** How many holes that need several exclusions at once are named per client app type. */
const maximumCombinations = 20
/** Steps after which a search is given up. Real sets of policies take a few dozen. */
const maximumSteps = 5_000

/**
 * Finds the sign-ins that none of the policies applies to. There is a hole where some sign-in meets an exclusion (or
 * a condition) of every policy. The ordinary sign-in is tried first, then every exclusion alone, so that all of
 * those are named; then exclusions together, as many as it takes to be sure that there is no hole or to name the
 * first {@link maximumCombinations}. The order of the policies makes no difference.
 * @param whose what is known of everyone who signs in: a guest's type, one user. A hole names only what is beyond it.
 */
export function findHoles(
  scopes: readonly PolicyScope[],
  clientAppTypes: readonly string[],
  whose: readonly Element[] = [],
): Holes {
  const sorted = [...scopes].sort((one, other) => byCodeUnit(one.policyId, other.policyId))
  const perType = clientAppTypes.map(clientAppType => holesFor(sorted, clientAppType, whose))
  return {
    found: perType.flatMap(holes => holes.found),
    isComplete: perType.every(holes => holes.isComplete),
  }
}

function holesFor(scopes: readonly PolicyScope[], clientAppType: string, whose: readonly Element[]): Holes {
  const applying = (elements: readonly Element[]) => {
    const situation = { clientAppType, elements: situationKeys([...whose, ...elements]) }
    return scopes.filter(scope => appliesTo(scope, situation))
  }
  const isOpen = (elements: readonly Element[]) => applying(elements).length === 0
  if (isOpen([])) return { found: [{ clientAppType, elements: [] }], isComplete: true }
  const canBe = (exclusion: Element) => !whose.some(element => areExclusive(element, exclusion))
  const alone = allExclusions(scopes).filter(exclusion => canBe(exclusion) && isOpen([exclusion]))
  const together = searchCombinations(applying, alone, canBe)
  return {
    found: [...alone.map(exclusion => [exclusion]), ...together.found].map(elements => ({
      clientAppType,
      elements,
    })),
    isComplete: together.isComplete,
  }
}

/** Every exclusion of the policies once, sorted. */
export function allExclusions(scopes: readonly PolicyScope[]): Element[] {
  const byKey = new Map(scopes.flatMap(scope => scope.exclusions.map(each => [elementKey(each), each])))
  return [...byKey.keys()].sort(byCodeUnit).flatMap(key => byKey.get(key) ?? [])
}

/**
 * Depth first: whatever policy still applies must be left by one of its exclusions, the policy with the fewest ways
 * out first. Adding elements never makes a policy stop to apply in any other way, so no hole is missed.
 */
function searchCombinations(
  applying: (elements: readonly Element[]) => readonly PolicyScope[],
  openAlone: readonly Element[],
  canBe: (exclusion: Element) => boolean,
): { found: Element[][]; isComplete: boolean } {
  const found: Element[][] = []
  const openKeys = new Set(openAlone.map(elementKey))
  let steps = 0

  const waysOut = (scope: PolicyScope, elements: readonly Element[]) =>
    scope.exclusions.filter(
      exclusion =>
        canBe(exclusion) &&
        !openKeys.has(elementKey(exclusion)) &&
        !elements.some(element => areExclusive(element, exclusion)),
    )

  const search = (elements: readonly Element[]): void => {
    if (found.length >= maximumCombinations || ++steps > maximumSteps) return
    if (found.some(hole => hole.every(element => hasElement(elements, element)))) return
    const fewest = applying(elements)
      .map(scope => waysOut(scope, elements))
      .reduce<Element[] | null>(
        (best, ways) => (best === null || ways.length < best.length ? ways : best),
        null,
      )
    if (fewest === null) found.push(withoutNeedless(elements, rest => applying(rest).length === 0))
    else for (const exclusion of fewest) search([...elements, exclusion])
  }

  search([])
  return { found, isComplete: found.length > 0 || steps <= maximumSteps }
}

const hasElement = (elements: readonly Element[], wanted: Element) =>
  elements.some(element => element.kind === wanted.kind && element.id === wanted.id)

function withoutNeedless(elements: readonly Element[], isOpen: (rest: Element[]) => boolean): Element[] {
  const needed = elements.reduce<readonly Element[]>((kept, element) => {
    const rest = kept.filter(each => each !== element)
    return isOpen(rest) ? rest : kept
  }, elements)
  return [...needed].sort((one, other) => byCodeUnit(elementKey(one), elementKey(other)))
}
