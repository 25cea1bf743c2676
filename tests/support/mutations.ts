import fc from 'fast-check'

/** Something that happens to bytes: places are shares of their length, so that they mean something in any file. */
export type Mutation =
  | { do: 'flip'; at: number; bit: number }
  | { do: 'write' | 'insert'; at: number; bytes: Uint8Array }
  | { do: 'remove' | 'repeat' | 'blank'; at: number; length: number }
  | { do: 'swap'; at: number; other: number; length: number }
  | { do: 'cut'; at: number }

const at = fc.integer({ min: 0, max: 1_000_000 }).map(part => part / 1_000_001)
const length = fc.oneof(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 4096 }))
const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 })

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('flip'), at, bit: fc.integer({ min: 0, max: 7 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('write', 'insert'), at, bytes }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('remove', 'repeat', 'blank'), at, length }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('swap'), at, other: at, length }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut'), at }) },
)

/** The bytes after it; they may be the same. What is given stays as it is. */
export function mutate(given: Buffer, mutation: Mutation): Buffer {
  const from = Math.floor(mutation.at * given.length)
  const before = given.subarray(0, from)
  switch (mutation.do) {
    case 'flip': {
      const altered = Buffer.from(given)
      if (from < altered.length) altered[from] = (altered[from] ?? 0) ^ (1 << mutation.bit)
      return altered
    }
    case 'write':
      return Buffer.concat([before, mutation.bytes, given.subarray(from + mutation.bytes.length)])
    case 'insert':
      return Buffer.concat([before, mutation.bytes, given.subarray(from)])
    case 'cut':
      return Buffer.from(before)
    case 'swap': {
      const other = Math.floor(mutation.other * given.length)
      const [first, second] = from < other ? [from, other] : [other, from]
      const size = Math.min(mutation.length, second - first, given.length - second)
      return Buffer.concat([
        given.subarray(0, first),
        given.subarray(second, second + size),
        given.subarray(first + size, second),
        given.subarray(first, first + size),
        given.subarray(second + size),
      ])
    }
    default: {
      const part = given.subarray(from, from + mutation.length)
      const between = { remove: [], repeat: [part, part], blank: [Buffer.alloc(part.length)] }[mutation.do]
      return Buffer.concat([before, ...between, given.subarray(from + part.length)])
    }
  }
}
