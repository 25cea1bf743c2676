import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** An address that leads to whichever server serves, as a virtual address, a DNS name or a proxy does for a database. */
export interface SwitchedWay {
  readonly port: number
  /** From now on it leads to this port on this machine; to nowhere, where there is none. Who is connected stays so. */
  leadTo(port: number | null): void
  /** Resets every connection, as a network does that fails. */
  reset(): void
  close(): Promise<void>
}

export async function openWay(to: number | null): Promise<SwitchedWay> {
  let target = to
  const sockets = new Set<Socket>()
  const server = createServer(near => {
    if (target === null) return void near.destroy()
    const far = connect(target, '127.0.0.1')
    sockets.add(near)
    near.once('close', () => sockets.delete(near))
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no address')
  const reset = () => {
    for (const socket of sockets) socket.resetAndDestroy()
    sockets.clear()
  }
  return {
    port: address.port,
    leadTo(port) {
      target = port
    },
    reset,
    async close() {
      reset()
      server.close()
      await once(server, 'close')
    },
  }
}
