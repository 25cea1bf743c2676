import { createServer, type RequestListener, type Server } from 'node:http'

/**
 * Serves on a port (0: any free one) and resolves once it is open. Idle connections outlive those of a load balancer
 * in front (60 s with most), or it would send requests into closed ones.
 */
export function listen(
  handler: RequestListener,
  { port, host }: { port: number; host?: string },
): Promise<Server> {
  const server = createServer(
    { keepAliveTimeout: 65_000, headersTimeout: 20_000, requestTimeout: 60_000 },
    handler,
  )
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}
