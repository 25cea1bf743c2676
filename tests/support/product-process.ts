import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

/** A process of the product, as an operator starts it. */
export interface ProductProcess {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  /** Everything that it wrote so far, both streams. */
  output(): string
  /** Its exit code, once it has ended. */
  ended: Promise<number | null>
}

/** Starts `server/main.ts`, `jobs/worker.ts` or another entry with an environment. */
export function startProduct(
  entry: string,
  environment: NodeJS.ProcessEnv,
  options: { flags?: readonly string[] } = {},
): ProductProcess {
  const child = spawn(process.execPath, [...(options.flags ?? []), entry], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', chunk => {
      output += String(chunk)
    })
  return {
    child,
    output: () => output,
    ended: once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null)),
  }
}
