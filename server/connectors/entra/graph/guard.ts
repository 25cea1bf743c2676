import type { EntraLogger } from '../logger.ts'
import { bucketOf } from './paths.ts'
import type { Step } from './step.ts'

/** A request that this connector never makes. Nothing was sent. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused'
}

/** Lets pass GET on the listed paths of this connection's own Graph host, and nothing else. */
export const guarding =
  (graphOrigin: string, logger: EntraLogger | undefined): Step =>
  async ({ method, url }, next) => {
    const why = objection(method, url, graphOrigin)
    if (why === null) return next()
    logger?.warn({ method, host: url.host, path: url.pathname }, `Graph request refused: ${why}`)
    throw new RequestRefused(why)
  }

function objection(method: string, url: URL, graphOrigin: string): string | null {
  if (method !== 'GET') return 'only GET is allowed'
  if (url.origin !== graphOrigin) return 'not the Graph host of this connection'
  if (url.username !== '' || url.password !== '') return 'credentials in the address'
  if (bucketOf(url) === null) return 'the path is not part of this connector'
  // Expanding would reach other resources through a listed path.
  return [...url.searchParams.keys()].some(key => key.toLowerCase() === '$expand')
    ? 'expanding is not allowed'
    : null
}
