/**
 * Parses an answer of Graph. NUL and halves of surrogate pairs become U+FFFD: neither canonical JSON nor PostgreSQL has
 * a form for them, and one odd name must not keep a whole directory from being recorded.
 * @throws {SyntaxError} for what is no JSON
 */
export function parseAnswer(text: string): unknown {
  const answer: unknown = JSON.parse(text)
  // JSON can only spell them out. Most answers have nothing of the kind and are not walked through.
  return spelledOut.test(text) ? storable(answer) : answer
}

/** NUL, or a surrogate, which may be one half of a good pair. */
const spelledOut = /\\u(?:0000|d[89a-f])/i

function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(storable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [storableText(name), storable(part)]))
}

/** Read by code points, a surrogate stands alone only where the other half is missing. */
const storableText = (text: string) => text.replaceAll(/\p{Surrogate}/gu, '\ufffd').replaceAll('\0', '\ufffd')
