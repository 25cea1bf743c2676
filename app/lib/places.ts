import { useLocation } from '@remix-run/react'
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from 'react'

const remembered = new Map<string, unknown>()

/** So many lists are remembered, the latest ones: pages of rows weigh something. */
const most = 24

/**
 * Something to write into that belongs to this entry of the browser's history: who goes back finds it as it was left. It
 * lasts as long as the document does.
 */
export function useRemembered<T>(name: string, make: () => T): T {
  const { key } = useLocation()
  const whole = `${key} ${name}`
  const makeNew = useRef(make)
  // Each name is written by one place of the code alone.
  const value = useMemo(() => (remembered.get(whole) as T | undefined) ?? makeNew.current(), [whole])
  useEffect(() => {
    // The latest stand last.
    remembered.delete(whole)
    remembered.set(whole, value)
    for (const oldest of [...remembered.keys()].slice(0, -most)) remembered.delete(oldest)
  }, [whole, value])
  return value
}

/** Where somebody was in a long list when a link of it led them away. */
export type Place = {
  /** Pixels that the list's own region was scrolled by. */
  scrolled: number
  /** What groups of rows took that were out of sight; null for those that were drawn. */
  rooms: (Room | null)[]
  /** The link that was followed, and how far below the window's top it stood. */
  followed: { href: string; top: number } | null
}

/** In pixels: a group of rows, and the columns in it. */
export type Room = { height: number; widths: number[] }

/** Leads who comes back to a list to the row they left it by, with the keyboard too. */
export function usePlace<Region extends HTMLElement>(
  list: string,
  isLong: boolean,
): { region: RefObject<Region>; place: Place } {
  const region = useRef<Region>(null)
  const place = useRemembered<Place>(list, () => ({ scrolled: 0, rooms: [], followed: null }))
  useEffectBeforePaint(() => {
    const element = region.current
    if (!element || !isLong) return
    const isOwnScroller = 'scrolls' in element.dataset
    const { scrolled, followed } = place
    place.followed = null
    if (scrolled > 0) element.scrollTop = scrolled
    const link = followed && element.querySelector<HTMLElement>(`a[href="${CSS.escape(followed.href)}"]`)
    link?.focus({ preventScroll: true })
    if (link && followed && !isOwnScroller) stayAt(link, followed.top)
    const left = new AbortController()
    const options = { passive: true, signal: left.signal }
    element.addEventListener('scroll', () => Object.assign(place, { scrolled: element.scrollTop }), options)
    element.addEventListener(
      'click',
      ({ target }) => {
        const link = target instanceof Element ? target.closest('a') : null
        const href = link?.getAttribute('href')
        place.followed = link && href ? { href, top: link.getBoundingClientRect().top } : null
      },
      options,
    )
    return () => left.abort()
  }, [place, isLong])
  return { region, place }
}

/**
 * Scrolls the page until an element stands where it stood. What lies above is laid out as it comes near, so that it takes
 * a few frames, and the router scrolls first.
 */
function stayAt(element: Element, top: number, frames = 8): void {
  requestAnimationFrame(() => {
    window.scrollBy(0, element.getBoundingClientRect().top - top)
    if (frames > 0) stayAt(element, top, frames - 1)
  })
}

const useEffectBeforePaint = typeof document === 'undefined' ? useEffect : useLayoutEffect
