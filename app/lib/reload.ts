import { useRevalidator } from '@remix-run/react'
import { useEffect } from 'react'
import { useNow } from './clock.ts'

/** Loads the page anew once `at` has come, and again every ten seconds until it says something else. */
export function useReloadWhenDue(at: Date | null): void {
  const { revalidate } = useRevalidator()
  const now = useNow(10_000)
  const dueFor = at !== null && now !== null && now > at ? now.getTime() : null
  useEffect(() => {
    if (dueFor !== null) revalidate()
  }, [dueFor, revalidate])
}

/** Loads the page anew every second while something goes on. */
export function useReloadWhile(isGoingOn: boolean): void {
  const { revalidate, state } = useRevalidator()
  useEffect(() => {
    if (!isGoingOn || state !== 'idle') return
    const timer = setTimeout(revalidate, 1_000)
    return () => clearTimeout(timer)
  }, [isGoingOn, state, revalidate])
}
