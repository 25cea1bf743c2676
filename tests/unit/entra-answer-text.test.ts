import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAnswer } from '../../server/connectors/entra/graph/answer-text.ts'
import { canonicalText } from '../../server/ledger/canonical.ts'

/** Text of any code units: halves of pairs, NUL, backslashes and whole characters beyond the first plane among them. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\0', '\ud83d', '\ude00', '😀', '\\', '"', 'u0000', '\\u0000', '\\ud800', 'é'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
})
const anyAnswer = fc.letrec(tie => ({
  value: fc.oneof(
    anyText,
    fc.integer(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(anyText, tie('value'), { maxKeys: 3 }),
  ),
})).value

/** The rule, code point by code point: a surrogate that is one by itself has no partner. */
const replaced = (text: string) =>
  [...text].map(character => (/^(?:\0|[\ud800-\udfff])$/.test(character) ? '\ufffd' : character)).join('')

test('whatever text an answer holds, what is parsed of it has a canonical form and no NUL', () => {
  fc.assert(
    fc.property(anyAnswer, answer => {
      // An even number of backslashes before it are those of the text itself.
      expect(canonicalText(parseAnswer(JSON.stringify(answer)))).not.toMatch(/(?<!\\)(?:\\\\)*\\u0000/)
    }),
  )
})

test('NUL and halves of pairs become U+FFFD, and every other character stays', () => {
  fc.assert(
    fc.property(anyText, text => {
      expect(parseAnswer(JSON.stringify({ [text]: [text] }))).toEqual({ [replaced(text)]: [replaced(text)] })
    }),
  )
})

test('what is no JSON is an error', () => {
  expect(() => parseAnswer('{"value":[')).toThrow(SyntaxError)
})
