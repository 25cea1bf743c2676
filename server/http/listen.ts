import { createServer, type RequestListener, type Server } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * Serves on a port (0: any free one) and resolves once it is open. Idle connections outlive those of a load balancer
 * in front (60 s with most), or it would send requests into closed ones.
 */
export function listen(
  handler: RequestListener,
  { port, host }: { port: number; host?: string },
): Promise<Server> {
  const server = createServer(
    {
      keepAliveTimeout: 65_000,
      headersTimeout: 20_000,
      requestTimeout: 60_000,
      // The border refuses what names no host, with its headers: Node's own answer has none of them.
      requireHostHeader: false,
    },
    handler,
  )
  server.on('checkExpectation', handler)
  server.on('clientError', refuse)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}

/** What is no HTTP, or has more headers than the parser takes, reaches no handler: answered here, with its few headers. */
function refuse(error: Error, socket: Duplex): void {
  if (!socket.writable || ('code' in error && error.code === 'ECONNRESET')) return void socket.destroy()
  socket.end(
    [
      `HTTP/1.1 ${statusOf(error)}`,
      'Connection: close',
      'Content-Length: 0',
      "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
      'X-Content-Type-Options: nosniff',
      'Cache-Control: no-store',
      '',
      '',
    ].join('\r\n'),
  )
}

const statusOf = (error: Error) => {
  const code = 'code' in error ? error.code : ''
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large'
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return '408 Request Timeout'
  return '400 Bad Request'
}
