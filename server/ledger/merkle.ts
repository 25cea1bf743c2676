import { sha256 } from './canonical.ts'

/**
 * Merkle trees as RFC 6962 section 2.1 defines them: leaves and nodes are hashed with different prefixes, so that
 * neither passes for the other. Hashes are 32 bytes of SHA-256; trees are numbered from leaf 0.
 */

const leafPrefix = Uint8Array.of(0x00)
const nodePrefix = Uint8Array.of(0x01)

/** SHA-256(0x00 ‖ leaf): 32 bytes. */
export const leafHash = (leaf: Uint8Array): Buffer => sha256(Buffer.concat([leafPrefix, leaf]))

/** SHA-256(0x01 ‖ left ‖ right): 32 bytes. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  sha256(Buffer.concat([nodePrefix, left, right]))

/** Root of a tree over leaf hashes in their order; of no leaves the hash of the empty string. */
export function rootHash(leafHashes: Iterable<Uint8Array>): Buffer {
  const tree = new CompactTree()
  for (const leaf of leafHashes) tree.add(leaf)
  return tree.root()
}

/** A tree that keeps only the roots of its perfect subtrees: 32 bytes times the logarithm of its size. */
export class CompactTree {
  readonly #subtrees: Uint8Array[] = []
  #size = 0

  /** Leaves added so far. */
  get size(): number {
    return this.#size
  }

  /** Adds a leaf by its hash. */
  add(leaf: Uint8Array): void {
    let node = leaf
    // Each trailing one bit of the size is a perfect subtree that this leaf completes.
    for (let size = this.#size; size % 2 === 1; size = (size - 1) / 2) {
      const left = this.#subtrees.pop()
      if (left) node = nodeHash(left, node)
    }
    this.#subtrees.push(node)
    this.#size += 1
  }

  root(): Buffer {
    return joinSubtrees(this.#subtrees)
  }
}

/** The root over neighbouring perfect subtrees, the largest first, by their roots. */
export function joinSubtrees(roots: readonly Uint8Array[]): Buffer {
  const last = roots.at(-1)
  if (!last) return sha256('')
  return Buffer.from(roots.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last))
}

/** A stretch of neighbouring leaves, from and including one, up to and not including the other. */
export interface LeafRange {
  from: number
  to: number
}

/**
 * Proof that the leaf at `index` is in the tree over these leaf hashes: RFC 6962 section 2.1.1, the leaf's sibling first.
 * @throws {RangeError} when the tree has no such leaf
 */
export const inclusionProof = (leafHashes: readonly Uint8Array[], index: number | bigint): Buffer[] =>
  inclusionRanges(index, leafHashes.length).map(({ from, to }) => rootHash(leafHashes.slice(from, to)))

/**
 * Proof that the tree over the first `firstSize` of these leaf hashes is the beginning of the whole: RFC 6962 section 2.1.2.
 * @throws {RangeError} when the first tree is empty or larger than the whole
 */
export const consistencyProof = (leafHashes: readonly Uint8Array[], firstSize: number | bigint): Buffer[] =>
  consistencyRanges(firstSize, leafHashes.length).map(({ from, to }) => rootHash(leafHashes.slice(from, to)))

/**
 * The stretches of leaves whose roots make an inclusion proof, in its order.
 * @throws {RangeError} when the tree has no such leaf
 */
export function inclusionRanges(index: number | bigint, size: number | bigint): LeafRange[] {
  const leaf = exactNumber(index)
  let [from, to] = [0, exactNumber(size)]
  if (leaf >= to) throw new RangeError(`a tree of ${size} has no leaf ${index}`)
  const ranges: LeafRange[] = []
  while (to - from > 1) {
    const middle = from + leftSize(to - from)
    if (leaf < middle) {
      ranges.push({ from: middle, to })
      to = middle
    } else {
      ranges.push({ from, to: middle })
      from = middle
    }
  }
  return ranges.reverse()
}

/**
 * The stretches of leaves whose roots make a consistency proof, in its order.
 * @throws {RangeError} when the first tree is empty or larger than the second
 */
export function consistencyRanges(firstSize: number | bigint, secondSize: number | bigint): LeafRange[] {
  const first = exactNumber(firstSize)
  let [from, to] = [0, exactNumber(secondSize)]
  if (first === 0 || first > to)
    throw new RangeError(`a tree of ${secondSize} has no beginning of ${firstSize}`)
  const ranges: LeafRange[] = []
  while (first < to) {
    const middle = from + leftSize(to - from)
    if (first <= middle) {
      ranges.push({ from: middle, to })
      to = middle
    } else {
      ranges.push({ from, to: middle })
      from = middle
    }
  }
  // Where the first tree is a subtree of its own, its root is known to who checks.
  if (from > 0) ranges.push({ from, to })
  return ranges.reverse()
}

/** Makes an inclusion proof while the leaf hashes pass by in their order, in memory of the logarithm of the tree's size. */
export class PassingProof {
  readonly #ranges: readonly LeafRange[]
  readonly #trees: ReadonlyMap<LeafRange, CompactTree>
  readonly #whole = new CompactTree()

  /** @throws {RangeError} when the tree has no such leaf */
  constructor(index: number, size: number) {
    this.#ranges = inclusionRanges(index, size)
    this.#trees = new Map(this.#ranges.map(range => [range, new CompactTree()]))
  }

  add(leaf: Uint8Array): void {
    const place = this.#whole.size
    this.#whole.add(leaf)
    const range = this.#ranges.find(({ from, to }) => from <= place && place < to)
    if (range) this.#trees.get(range)?.add(leaf)
  }

  /** Of the leaves that have passed. */
  get size(): number {
    return this.#whole.size
  }

  root(): Buffer {
    return this.#whole.root()
  }

  proof(): Buffer[] {
    return [...this.#trees.values()].map(tree => tree.root())
  }
}

/** Claims that a leaf stands at an index of the tree of a size and root. */
export interface InclusionClaim {
  index: number | bigint
  size: number | bigint
  leafHash: Uint8Array
  proof: readonly Uint8Array[]
  root: Uint8Array
}

/** Whether an inclusion proof holds; false for whatever is malformed. RFC 9162 section 2.1.3.2. */
export function verifyInclusion(claim: InclusionClaim): boolean {
  const { index, size, leafHash, proof, root } = claim ?? {}
  if (!isCount(index) || !isCount(size) || !isHash(leafHash) || !isHash(root) || !isProof(proof)) return false
  let node = BigInt(index)
  let last = BigInt(size) - 1n
  if (node > last) return false
  let computed: Uint8Array = leafHash
  for (const sibling of proof) {
    if (last === 0n) return false
    if (isOdd(node) || node === last) {
      computed = nodeHash(sibling, computed)
      while (!isOdd(node) && node !== 0n) [node, last] = [node >> 1n, last >> 1n]
    } else {
      computed = nodeHash(computed, sibling)
    }
    ;[node, last] = [node >> 1n, last >> 1n]
  }
  return last === 0n && isSame(computed, root)
}

/** Claims that the tree of the first size and root is the beginning of the tree of the second. */
export interface ConsistencyClaim {
  firstSize: number | bigint
  secondSize: number | bigint
  firstRoot: Uint8Array
  secondRoot: Uint8Array
  proof: readonly Uint8Array[]
}

/**
 * Whether a consistency proof holds; false for whatever is malformed. RFC 9162 section 2.1.4.2. Of an empty first tree
 * it is always false: everything begins with nothing, so nothing is proven.
 */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { firstSize, secondSize, firstRoot, secondRoot, proof } = claim ?? {}
  if (!isCount(firstSize) || !isCount(secondSize) || !isProof(proof)) return false
  if (!isHash(firstRoot) || !isHash(secondRoot)) return false
  const first = BigInt(firstSize)
  const second = BigInt(secondSize)
  if (first === 0n || first > second) return false
  if (first === second) return proof.length === 0 && isSame(firstRoot, secondRoot)
  let node = first - 1n
  let last = second - 1n
  while (isOdd(node)) [node, last] = [node >> 1n, last >> 1n]
  const [start, ...path] = node === 0n ? [firstRoot, ...proof] : proof
  if (!start) return false
  let computedFirst = start
  let computedSecond = start
  for (const sibling of path) {
    if (last === 0n) return false
    if (isOdd(node) || node === last) {
      computedFirst = nodeHash(sibling, computedFirst)
      computedSecond = nodeHash(sibling, computedSecond)
      while (!isOdd(node) && node !== 0n) [node, last] = [node >> 1n, last >> 1n]
    } else {
      computedSecond = nodeHash(computedSecond, sibling)
    }
    ;[node, last] = [node >> 1n, last >> 1n]
  }
  return last === 0n && isSame(computedFirst, firstRoot) && isSame(computedSecond, secondRoot)
}

/** A perfect subtree: the `index`-th of those over 2^height leaves. */
export interface Subtree {
  height: number
  index: number
}

/** The perfect subtrees that a stretch of leaves falls into, from the left: each as large as its place allows. */
export function subtreesOf({ from, to }: LeafRange): Subtree[] {
  const subtrees: Subtree[] = []
  let at = from
  while (at < to) {
    let [height, width] = [0, 1]
    while (at % (width * 2) === 0 && at + width * 2 <= to) [height, width] = [height + 1, width * 2]
    subtrees.push({ height, index: at / width })
    at += width
  }
  return subtrees
}

/** Leaves of the left subtree: the largest power of two below the size. */
function leftSize(size: number): number {
  let left = 1
  while (left * 2 < size) left *= 2
  return left
}

function exactNumber(count: number | bigint): number {
  const number = Number(count)
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`${count} counts no leaves`)
  return number
}

/** Sizes and indexes are 64 bits in every format that carries them. */
const isCount = (value: unknown): value is number | bigint =>
  typeof value === 'bigint'
    ? value >= 0n && value < 1n << 64n
    : typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const isHash = (value: unknown): value is Uint8Array => value instanceof Uint8Array && value.length === 32

/** No tree of 64 bits needs more hashes; a loop over the elements, as `every` passes over holes. */
function isProof(value: unknown): value is readonly Uint8Array[] {
  if (!Array.isArray(value) || value.length > 65) return false
  for (const element of value) if (!isHash(element)) return false
  return true
}

const isOdd = (value: bigint) => (value & 1n) === 1n

const isSame = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0
