import { useLocation } from '@remix-run/react'
import { type RefObject, useEffect } from 'react'

/**
 * Closes a `<details>` by a click outside, by Escape and by going to another page.
 * @param around what counts as inside: the details, or what holds it together with what it opens
 */
export function useDismissal(details: RefObject<HTMLDetailsElement>, around: RefObject<HTMLElement>): void {
  const { key } = useLocation()
  // A new location is the reason to close.
  useEffect(() => details.current?.removeAttribute('open'), [key])
  useEffect(() => {
    const close = (event: Event) => {
      const element = details.current
      const inside = around.current
      if (!element?.open || !inside) return
      if (event instanceof KeyboardEvent) {
        if (event.key !== 'Escape') return
        if (inside.contains(document.activeElement)) element.querySelector('summary')?.focus()
      } else if (event.target instanceof Node && inside.contains(event.target)) return
      element.removeAttribute('open')
    }
    document.addEventListener('pointerdown', close)
    document.addEventListener('keydown', close)
    return () => {
      document.removeEventListener('pointerdown', close)
      document.removeEventListener('keydown', close)
    }
  }, [details, around])
}
