/** A page as a browser without scripts has it. */
export interface Page {
  /** Where it was found, after redirects. */
  url: string
  status: number
  html: string
  /** What a person reads: no markup, no scripts. */
  text: string
  /** Whether some form has these fields. */
  hasForm(fields: Record<string, string>): boolean
  /** The value that a field of some form holds already. */
  fieldOf(name: string): string
  /** What a form asks to be typed before it destroys something. */
  confirmationWord(): string
}

interface Form {
  action: string
  fields: Map<string, string>
  submits: string[]
}

/** Follows links and posts forms over HTTP with a cookie jar: what the product promises to work without JavaScript. */
export class FormBrowser {
  readonly #origin: string
  readonly #cookies = new Map<string, string>()

  readonly #onAnswer: ((text: string) => void) | undefined

  constructor(origin: string, options: { onAnswer?: (text: string) => void } = {}) {
    this.#origin = origin
    this.#onAnswer = options.onAnswer
  }

  /** Opens an address and follows its redirects. @throws {Error} for an answer of 400 and above */
  async open(path: string): Promise<Page> {
    return this.#follow(await this.#request(path, {}), path)
  }

  /**
   * Fills the form that has these fields (and this `intent`, where given) and posts it with its hidden fields.
   * @throws {Error} when no form fits, or for an answer of 400 and above
   */
  async submit(page: Page, fields: Record<string, string>, intent?: string): Promise<Page> {
    const { path, response } = await this.#post(page, fields, intent)
    return this.#follow(response, path)
  }

  /** The same, for a form that leads to another site: answers where to. */
  async submitWithoutFollowing(page: Page, fields: Record<string, string>, intent?: string): Promise<string> {
    const { response } = await this.#post(page, fields, intent)
    const location = response.headers.get('location')
    if (!location)
      throw new Error(`the form led nowhere (${response.status}): ${plainText(await response.text())}`)
    return location
  }

  async #post(page: Page, fields: Record<string, string>, intent?: string) {
    const form = formsOf(page.html).find(
      candidate =>
        Object.keys(fields).every(name => candidate.fields.has(name)) &&
        (intent === undefined ||
          candidate.submits.includes(intent) ||
          candidate.fields.get('intent') === intent),
    )
    if (!form) throw new Error(`no form on ${page.url} has ${Object.keys(fields).join(', ')}`)
    const body = new URLSearchParams([...form.fields])
    if (intent !== undefined) body.set('intent', intent)
    else if (form.submits[0] !== undefined && !form.fields.has('intent')) body.set('intent', form.submits[0])
    for (const [name, value] of Object.entries(fields)) body.set(name, value)
    const path = new URL(form.action || page.url, new URL(page.url, this.#origin)).href
    return { path, response: await this.#request(path, { method: 'POST', body }) }
  }

  async #request(path: string, init: RequestInit): Promise<Response> {
    const response = await fetch(new URL(path, this.#origin), {
      ...init,
      redirect: 'manual',
      headers: { cookie: [...this.#cookies].map(pair => pair.join('=')).join('; '), origin: this.#origin },
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      const at = pair.indexOf('=')
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(cookie)) this.#cookies.delete(pair.slice(0, at))
      else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    this.#onAnswer?.(`${JSON.stringify([...response.headers])}\n${await response.clone().text()}`)
    return response
  }

  async #follow(first: Response, path: string): Promise<Page> {
    let response = first
    let url = new URL(path, this.#origin)
    for (let hop = 0; hop < 10; hop++) {
      const location = response.headers.get('location')
      if (!location) break
      url = new URL(location, url)
      response = await this.#request(url.href, {})
    }
    const html = await response.text()
    if (response.status >= 400) throw new Error(`${response.status} at ${url.pathname}: ${plainText(html)}`)
    return {
      url: url.href,
      status: response.status,
      html,
      text: plainText(html),
      hasForm: fields => formsOf(html).some(form => Object.keys(fields).every(name => form.fields.has(name))),
      fieldOf: name =>
        formsOf(html)
          .find(form => form.fields.has(name))
          ?.fields.get(name) ?? '',
      confirmationWord: () => /Type\s+(\S+)\s/.exec(plainText(html))?.[1] ?? '',
    }
  }
}

function formsOf(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, tag = '', inside = '']) => ({
    action: attribute(tag, 'action'),
    fields: new Map(
      [...inside.matchAll(/<(?:input|select|textarea)\b([^>]*)>/g)].flatMap(([, field = '']) => {
        const name = attribute(field, 'name')
        const isUnpicked = /type="(?:checkbox|radio)"/.test(field) && !/\bchecked\b/.test(field)
        return name === '' || isUnpicked ? [] : [[name, attribute(field, 'value')] as const]
      }),
    ),
    submits: [...inside.matchAll(/<button\b([^>]*)>/g)].flatMap(([, button = '']) =>
      attribute(button, 'name') === 'intent' ? [attribute(button, 'value')] : [],
    ),
  }))
}

const attribute = (tag: string, name: string): string =>
  decoded(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '')

const decoded = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

function plainText(html: string): string {
  return decoded(
    html
      .replace(/<(script|style)\b[\s\S]*?<\/\1>/g, ' ')
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' '),
  ).trim()
}
