import { hash } from 'node:crypto'

export const hashLength = 32

/** The root over `count` neighbouring hashes, a power of two, from the index `from` on: RFC 6962 nodes, without a copy each. */
export function subtreeRoot(hashes: Buffer, from: number, count: number): Buffer {
  let level = hashes.subarray(from * hashLength, (from + count) * hashLength)
  for (let width = count; width > 1; width /= 2) {
    const above = Buffer.allocUnsafe((width / 2) * hashLength)
    for (let index = 0; index < width / 2; index++) writeNode(above, index, level)
    level = above
  }
  return level
}

/**
 * Writes the hash at `index` of a level, SHA-256(0x01 ‖ left ‖ right) of two of the level below. As a text: a buffer for
 * each takes four times the hash.
 */
export function writeNode(level: Buffer, index: number, below: Buffer): void {
  below.copy(node, 1, index * 2 * hashLength, (index * 2 + 2) * hashLength)
  level.write(hash('sha256', node, 'binary'), index * hashLength, 'latin1')
}

const node = Buffer.alloc(1 + 2 * hashLength)
node[0] = 0x01
