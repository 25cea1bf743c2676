import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterwards } from './afterwards.ts'

/** What a receiver of webhooks got. */
export interface Received {
  id: string
  path: string
  body: string
}

export interface Receiver {
  origin: string
  received: Received[]
  /** What it answers with from now on. */
  status: number
  /** What it waits for before it answers. */
  answersAfter: Promise<void>
}

/** A receiver of webhooks on this machine. */
export async function startReceiver(): Promise<Receiver> {
  const receiver: Receiver = { origin: '', received: [], status: 204, answersAfter: Promise.resolve() }
  const server = createServer((request, response) => {
    void text(request).then(body => {
      receiver.received.push({
        id: String(request.headers['webhook-id']),
        path: request.url ?? '',
        body,
      })
      void receiver.answersAfter.then(() => response.writeHead(receiver.status).end())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterwards(() => server.close())
  const address = server.address()
  receiver.origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  return receiver
}
