import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'

/** One browser's requests without the browser: connections that are kept, and the session's cookie. */
export class Visitor {
  readonly port: number
  readonly #agent = new Agent({ keepAlive: true })
  #cookie: string

  /** @param cookie of a session that is there already */
  constructor(port: number, cookie = '') {
    this.port = port
    this.#cookie = cookie
  }

  get cookie(): string {
    return this.#cookie
  }

  /** Reads a page to its end. @returns its bytes @throws {Error} unless it is answered with 200 */
  async get(path: string, { isSignedIn = true } = {}): Promise<number> {
    const response = await this.#send('GET', path, isSignedIn ? { cookie: this.#cookie } : {})
    const bytes = await read(response)
    if (response.statusCode !== 200) throw new Error(`${path} was answered with ${response.statusCode}`)
    return bytes
  }

  async signIn({ email, password }: { email: string; password: string }, origin: string): Promise<void> {
    const body = String(new URLSearchParams({ email, password }))
    const headers = { origin, 'content-type': 'application/x-www-form-urlencoded' }
    const response = await this.#send('POST', '/login', headers, body)
    await read(response)
    const cookies = response.headers['set-cookie'] ?? []
    if (cookies.length === 0) throw new Error(`the sign-in was answered with ${response.statusCode}`)
    this.#cookie = cookies.map(cookie => cookie.split(';')[0]).join('; ')
  }

  leave(): void {
    this.#agent.destroy()
  }

  async #send(method: string, path: string, headers: Record<string, string>, body = '') {
    const sent = request({ host: '127.0.0.1', port: this.port, agent: this.#agent, method, path, headers })
    sent.end(body)
    // What `response` is emitted with.
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    return response
  }
}

async function read(response: IncomingMessage): Promise<number> {
  let bytes = 0
  for await (const chunk of response) bytes += chunk.length
  return bytes
}
