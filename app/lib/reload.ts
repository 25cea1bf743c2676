import { useRevalidator } from '@remix-run/react'
import { useEffect } from 'react'

/** Loads the page's data anew every two seconds while something that it shows is still being worked on. */
export function useReloadWhile(isUnfinished: boolean): void {
  const { revalidate, state } = useRevalidator()
  useEffect(() => {
    if (!isUnfinished || state !== 'idle') return
    const timer = setTimeout(revalidate, 2_000)
    return () => clearTimeout(timer)
  }, [isUnfinished, revalidate, state])
}
