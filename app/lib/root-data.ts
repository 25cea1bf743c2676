import { useRouteLoaderData } from '@remix-run/react'
import type { Theme } from './theme.ts'

/** What every page knows: the server's instant, the request's name in the logs, and the reader's theme. */
export type RootData = { now: Date; requestId: string; theme: Theme }

/** Undefined where the root's loader did not get to run: on some error pages. */
export function useRootData(): RootData | undefined {
  return useRouteLoaderData<() => RootData>('root')
}
