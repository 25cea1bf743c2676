import { decoded, type OpenedPage } from './pages.ts'
import type { TestBrowser } from './people.ts'

/** A control of a form, as the page has it. */
export interface Control {
  name: string
  /** `text`, `date`, `checkbox`, `select`, `textarea`, `hidden` and so on. */
  type: string
  value: string
  isChecked: boolean
  isInvalid: boolean
  /** What stands in the elements that describe it. */
  description: string
}

/** A form that changes something. */
export interface PostedForm {
  /** Where it is posted to: path and query. */
  action: string
  /** The value of its button; empty where it has none. */
  intent: string
  controls: Control[]
  /** What can be read in it. */
  text: string
}

/** Every form of a page that is posted, once for each of its buttons. */
export function postedForms(page: Pick<OpenedPage, 'path' | 'html'>): PostedForm[] {
  return [...page.html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)]
    .filter(([, start = '']) => attribute(start, 'method') === 'post')
    .flatMap(([, start = '', body = '']) => {
      const action = attribute(start, 'action') ?? page.path
      const controls = controlsOf(body, page.html)
      const buttons = [...body.matchAll(/<button\b([^>]*)>/g)]
        .filter(([, tag = '']) => attribute(tag, 'type') === 'submit')
        .map(([, tag = '']) => (attribute(tag, 'name') === 'intent' ? (attribute(tag, 'value') ?? '') : ''))
      const text = decoded(body.replaceAll(/<[^>]*>/g, ' ')).replaceAll(/\s+/g, ' ')
      return [...new Set(buttons)].map(intent => ({ action, intent, controls, text }))
    })
}

/** Posts a form as a browser without scripts does; a redirect is not followed. */
export async function postForm(
  origin: string,
  browser: Pick<TestBrowser, 'headers'>,
  form: Pick<PostedForm, 'action' | 'intent'>,
  fields: Record<string, string>,
): Promise<OpenedPage & { location: string | null }> {
  const url = new URL(form.action, origin)
  const headers = browser.headers()
  headers.set('content-type', 'application/x-www-form-urlencoded')
  const body = new URLSearchParams({ ...fields, ...(form.intent ? { intent: form.intent } : {}) })
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual' })
  return {
    path: url.pathname + url.search,
    status: response.status,
    html: await response.text(),
    links: [],
    location: response.headers.get('location'),
  }
}

function controlsOf(body: string, html: string): Control[] {
  const inputs = [...body.matchAll(/<input\b([^>]*)>/g)].map(([, tag = '']) =>
    control(tag, attribute(tag, 'type') ?? 'text', attribute(tag, 'value') ?? '', html),
  )
  const areas = [...body.matchAll(/<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/g)].map(
    ([, tag = '', text = '']) => control(tag, 'textarea', decoded(text), html),
  )
  const selects = [...body.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/g)].map(
    ([, tag = '', options = '']) => {
      const each = [...options.matchAll(/<option\b([^>]*)>/g)].map(([, option = '']) => option)
      const chosen = each.find(option => /\bselected\b/.test(option)) ?? each[0] ?? ''
      return control(tag, 'select', attribute(chosen, 'value') ?? '', html)
    },
  )
  return [...inputs, ...areas, ...selects].filter(({ name }) => name !== '')
}

function control(tag: string, type: string, value: string, html: string): Control {
  const describedBy = attribute(tag, 'aria-describedby')?.split(' ') ?? []
  return {
    name: attribute(tag, 'name') ?? '',
    type,
    value,
    isChecked: /\bchecked\b/.test(tag),
    isInvalid: attribute(tag, 'aria-invalid') === 'true',
    description: describedBy.map(id => textOf(html, id)).join(' '),
  }
}

/** The text of the element with an id, as far as its first child element ends. */
const textOf = (html: string, id: string) =>
  decoded(new RegExp(`\\bid="${id}"[^>]*>([^<]*)`).exec(html)?.[1] ?? '').trim()

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(tag)?.[1]
  return value === undefined ? undefined : decoded(value)
}
