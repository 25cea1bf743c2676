import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll } from 'vitest'

/** What a receiver of webhooks got. */
export interface Received {
  id: string
  path: string
  body: string
}

/** A receiver of webhooks on this machine. `status`: what it answers with from now on. */
export async function startReceiver(): Promise<{ origin: string; received: Received[]; status: number }> {
  const receiver = { origin: '', received: [] as Received[], status: 204 }
  const server = createServer((request, response) => {
    void text(request).then(body => {
      receiver.received.push({
        id: String(request.headers['webhook-id']),
        path: request.url ?? '',
        body,
      })
      response.writeHead(receiver.status).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterAll(() => server.close())
  const address = server.address()
  receiver.origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  return receiver
}
