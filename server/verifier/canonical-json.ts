import { canonicalText } from '../ledger/canonical.ts'

/**
 * The value of a text that is canonical JSON (RFC 8785); undefined, which no JSON has, for any other text. Told without
 * writing the text anew where that can be: the same text comes back from its value, and its keys are in order.
 */
export function parseCanonical(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    const isPlain = !text.includes('\\ud') && JSON.stringify(value) === text && areKeysInOrder(value)
    return isPlain || canonicalText(value) === text ? value : undefined
  } catch {
    return undefined
  }
}

function areKeysInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(areKeysInOrder)
  let before = ''
  for (const key of Object.keys(value)) {
    if (key < before || !areKeysInOrder(value[key as keyof typeof value])) return false
    before = key
  }
  return true
}
