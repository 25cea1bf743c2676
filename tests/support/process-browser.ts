import { appOrigin } from './services.ts'

/** An event of a stream: its id, and what it tells. */
export interface StreamedEvent {
  id: string
  data: unknown
}

/** A browser that is signed in at web processes of the product: it says itself which one a request goes to. */
export class ProcessBrowser {
  #cookies = ''

  /** Keeps the cookies of the answer. */
  async signIn(origin: string, person: { email: string; password: string }): Promise<Response> {
    const { email, password } = person
    const answer = await this.call(origin, 'signIn', { email, password })
    this.#cookies = answer.headers
      .getSetCookie()
      .map(cookie => cookie.split(';')[0])
      .join('; ')
    return answer
  }

  call(origin: string, procedure: string, input: object): Promise<Response> {
    const headers = { 'content-type': 'application/json', origin: appOrigin, cookie: this.#cookies }
    const url = `${origin}/api/trpc/${procedure}`
    return fetch(url, { method: 'POST', headers, body: JSON.stringify(input) })
  }

  read(origin: string, procedure: string, input: object): Promise<Response> {
    return fetch(addressOf(origin, procedure, input), { headers: { cookie: this.#cookies } })
  }

  /** Reads a stream as a browser's EventSource does. */
  async *follow(
    origin: string,
    procedure: string,
    input: object,
    lastEventId?: string,
  ): AsyncGenerator<StreamedEvent> {
    const cut = new AbortController()
    const answer = await fetch(addressOf(origin, procedure, input), {
      signal: cut.signal,
      headers: {
        accept: 'text/event-stream',
        cookie: this.#cookies,
        ...(lastEventId ? { 'last-event-id': lastEventId } : {}),
      },
    })
    if (!answer.body) throw new Error(`${origin} answered ${answer.status} without a stream`)
    const reader = answer.body.getReader()
    const decoder = new TextDecoder()
    let text = ''
    try {
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        text += decoder.decode(read.value, { stream: true })
        const messages = text.split('\n\n')
        text = messages.pop() ?? ''
        for (const message of messages) {
          const id = /^id: ?(.*)$/m.exec(message)?.[1]
          const data = /^data: ?(.*)$/m.exec(message)?.[1]
          if (id !== undefined && data !== undefined) yield { id, data: JSON.parse(data) }
        }
      }
    } finally {
      cut.abort()
    }
  }
}

const addressOf = (origin: string, procedure: string, input: object) =>
  `${origin}/api/trpc/${procedure}?${new URLSearchParams({ input: JSON.stringify(input) })}`
