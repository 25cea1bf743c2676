import { fork } from 'node:child_process'
import { z } from 'zod'
import type { ChildTask } from './child.ts'

const answer = z.strictObject({
  /** Resident memory at its most, and before the work began. */
  peak: z.number(),
  before: z.number(),
  seconds: z.number(),
  archiveBytes: z.number(),
})
export type ChildAnswer = z.infer<typeof answer>

/** Builds an export in a process of its own, as a worker is one, and answers how much memory that took, in bytes. */
export function buildInChild(task: ChildTask, signal: AbortSignal): Promise<ChildAnswer> {
  const child = fork(new URL('child.ts', import.meta.url), [JSON.stringify(task)], { signal })
  return new Promise((resolve, reject) => {
    child.once('message', message => resolve(answer.parse(message)))
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`the child ended with ${code} and no answer`)))
  })
}
