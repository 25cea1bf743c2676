import type { TestProject } from 'vitest/node'
import { type DemoProcess, startDemo } from '../../scripts/demo-process.ts'

/** What every walk through the demo needs to know of it. */
export type RunningDemo = Omit<DemoProcess, 'stop'>

declare module 'vitest' {
  interface ProvidedContext {
    demo: RunningDemo
  }
}

/** Starts one demo for the whole run, with a short history in one of its organizations. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { stop, ...demo } = await startDemo({ args: ['--history', '5d'], patience: 240_000 })
  project.provide('demo', demo)
  return stop
}
