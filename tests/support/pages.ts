import { join } from 'node:path'
import { buildIfNeeded } from '../../scripts/build.ts'
import { listen } from '../../server/http/listen.ts'
import type { Services } from '../../server/services.ts'
import { createWeb } from '../../server/web.ts'
import { afterwards } from './afterwards.ts'
import type { TestBrowser } from './people.ts'
import { appOrigin } from './services.ts'

const build = join(import.meta.dirname, '..', '..', 'build')

/** The web process's pages over these services, as they are built. @returns its origin */
export async function servePages(services: Services): Promise<string> {
  buildIfNeeded()
  const { app } = createWeb({
    config: { appOrigin, trustedProxies: [], metricsPort: undefined },
    services,
    readiness: async () => ({}),
    build: await import(join(build, 'server', 'index.js')),
    clientFolder: join(build, 'client'),
  })
  const server = await listen(app, { port: 0, host: '127.0.0.1' })
  afterwards(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

/** A page as it came, after redirects. */
export interface OpenedPage {
  /** Path and query, as the address bar has them. */
  path: string
  status: number
  html: string
  /** Where its links lead, inside the product and out of it. */
  links: string[]
}

/** Opens a page as a person's browser without scripts does. */
export async function openPage(
  origin: string,
  browser: Pick<TestBrowser, 'headers'>,
  path: string,
): Promise<OpenedPage> {
  const url = new URL(path, origin)
  const response = await fetch(url, { headers: browser.headers(), redirect: 'manual' })
  const location = response.headers.get('location')
  if (location !== null) {
    const to = new URL(location, url)
    return openPage(origin, browser, to.pathname + to.search)
  }
  const html = await response.text()
  const links = [...html.matchAll(/<a\b[^>]*\bhref="([^"]*)"/g)].map(([, href = '']) => decoded(href))
  return { path: url.pathname + url.search, status: response.status, html, links }
}

export const decoded = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&#x27;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&')
