import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { TenantSpec } from '../../../sandbox/entra/types.ts'
import type { BenchContext } from '../bench.ts'

/** A directory to sync, served by stand-ins in a process of their own, as a source is. */
export interface BenchDirectory {
  origin: string
  kms: { origin: string; keyId: string; signingKeyId: string }
  spec: TenantSpec
}

/** @param daysBehind how far its clock is behind ours, for a past to be played */
export async function startDirectory(
  { defer }: Pick<BenchContext, 'defer'>,
  size: number,
  daysBehind = 0,
): Promise<BenchDirectory> {
  const sizes = [String(size), String(daysBehind)]
  const child = fork(new URL('./directory-process.ts', import.meta.url), sizes, {
    stdio: 'inherit',
    serialization: 'advanced',
  })
  defer(async () => {
    child.kill()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  // Sent by our own script: it is what it says.
  const [told] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the stand-ins ended with ${code}`))),
  ])) as [BenchDirectory]
  return told
}
