import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { type KeyRequest, type KmsKey, openKeys } from './keys.ts'
import { KmsProblem, operations } from './operations.ts'

export interface StartKmsOptions {
  port?: number
  /** JSON file (mode 0600) that keeps the key material, so that old ciphertexts stay readable after a restart. */
  statePath?: string
  /** Keys to have; defaults to one symmetric and one Ed25519 key. */
  keys?: KeyRequest[]
}

/** `down` cuts connections, `unavailable` answers 503, `access-denied` refuses; all until cleared or used up. */
export type KmsFault =
  | { kind: 'down' | 'unavailable' | 'access-denied'; operation?: string; times?: number }
  | { kind: 'slow'; delayMs: number; operation?: string; times?: number }

export interface KmsStandIn {
  /** For `AWS_ENDPOINT_URL_KMS`. */
  origin: string
  /** Id of the first symmetric key. */
  keyId: string
  /** Id of the first signing key. */
  signingKeyId: string
  /** Operation names in the order in which they came. */
  requests: string[]
  createKey(request: KeyRequest): KmsKey
  setEnabled(keyId: string, enabled: boolean): void
  /** Makes the next requests fail; null ends every fault. */
  fault(fault: KmsFault | null): void
  stop(): Promise<void>
}

const defaultKeys: KeyRequest[] = [
  { alias: 'attestry', spec: 'SYMMETRIC_DEFAULT' },
  { alias: 'attestry-signing', spec: 'ECC_NIST_EDWARDS25519' },
]

/** Starts an AWS KMS stand-in (JSON 1.1 protocol) on 127.0.0.1. Request signatures are not checked. */
export async function startKms(options: StartKmsOptions = {}): Promise<KmsStandIn> {
  const keys = openKeys(options.keys ?? defaultKeys, options.statePath)
  const requests: string[] = []
  let fault: KmsFault | null = null

  const takeFault = (operation: string): KmsFault | null => {
    if (!fault || (fault.operation !== undefined && fault.operation !== operation)) return null
    const taken = fault
    if (fault.times !== undefined) fault = fault.times > 1 ? { ...fault, times: fault.times - 1 } : null
    return taken
  }

  const server = createServer((req, res) => {
    handle(req, res).catch((error: unknown) => {
      console.error('stand-in for KMS:', error)
      res.destroy()
    })
  })

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await readText(req)
    const target = String(req.headers['x-amz-target'] ?? '')
    const name = target.replace(/^TrentService\./, '')
    requests.push(name)
    const fails = takeFault(name)
    if (fails?.kind === 'down') return void req.socket.destroy()
    if (fails?.kind === 'slow') await new Promise(resolve => setTimeout(resolve, fails.delayMs))
    if (fails?.kind === 'unavailable')
      return sendProblem(res, 503, 'KMSInternalException', 'The service is unavailable.')
    if (fails?.kind === 'access-denied') {
      return sendProblem(res, 400, 'AccessDeniedException', `User is not authorized to perform: kms:${name}`)
    }
    const operation = target.startsWith('TrentService.') ? operations[name] : undefined
    if (!operation) return sendProblem(res, 400, 'UnknownOperationException', '')
    try {
      send(res, 200, operation(keys, JSON.parse(body)))
    } catch (error) {
      if (error instanceof KmsProblem) sendProblem(res, 400, error.type, error.message)
      else if (error instanceof z.ZodError)
        sendProblem(res, 400, 'ValidationException', z.prettifyError(error))
      else throw error
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  // A listening TCP server always has an address object.
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    keyId: keys.all().find(key => !key.pair)?.id ?? '',
    signingKeyId: keys.all().find(key => key.pair)?.id ?? '',
    requests,
    createKey: keys.create,
    setEnabled: keys.setEnabled,
    fault(next) {
      fault = next
    },
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function sendProblem(res: ServerResponse, status: number, type: string, message: string): void {
  res.setHeader('x-amzn-errortype', type)
  send(res, status, { __type: type, message })
}

function send(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() })
  res.end(JSON.stringify(body))
}

async function readText(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
