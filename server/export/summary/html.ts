import { escapeHtml } from '../../escape-html.ts'

/** A piece of HTML: what is put into it was escaped. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Value = Html | string | number | null | false | readonly Html[]

/** HTML with values in it: texts are escaped, pieces and lists of pieces stand as they are. */
export const html = (strings: TemplateStringsArray, ...values: readonly Value[]): Html =>
  new Html(strings.map((text, index) => `${text}${textOf(values[index] ?? null)}`).join(''))

function textOf(value: Value): string {
  if (value === null || value === false) return ''
  if (value instanceof Html) return value.text
  return typeof value === 'object' ? value.map(piece => piece.text).join('') : escapeHtml(String(value))
}
