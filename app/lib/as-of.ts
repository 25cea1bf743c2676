import { useLocation, useSearchParams } from '@remix-run/react'
import { createContext, useCallback, useContext, useMemo } from 'react'

/** A moment being looked back at: an instant, a ledger position, or an instant pinned to the position it meant. */
export type AsOf = { value: string; instant: Date | null; position: bigint | null }

/**
 * Reads `<ISO instant>@<position>`, a plain ISO instant or a plain position. An instant without a zone is UTC, as the
 * form field sends it. Null when absent or unreadable.
 */
export function parseAsOf(value: string | null | undefined): AsOf | null {
  if (!value) return null
  if (/^\d+$/.test(value)) return { value, instant: null, position: BigInt(value) }
  const parts =
    /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?(?:@(\d+))?$/.exec(value)
  if (!parts) return null
  const instant = new Date(`${parts[1]}${parts[2] ?? 'Z'}`)
  if (Number.isNaN(instant.getTime())) return null
  return { value, instant, position: parts[3] === undefined ? null : BigInt(parts[3]) }
}

/** `<ISO instant>@<position>`: the form that always shows the same page. */
export function formatAsOf(instant: Date, position?: number | bigint | string): string {
  return position === undefined ? instant.toISOString() : `${instant.toISOString()}@${position}`
}

/** Puts the look back on a link inside the product; null takes it off. An `asOf` that the link already names stays. */
export function withAsOf(href: string, asOf: string | null): string {
  const isInside = href.startsWith('/') || href.startsWith('?') || href.startsWith('.')
  if (!isInside || href.startsWith('//')) return href
  const [beforeHash = '', hash] = href.split('#', 2)
  const [path = '', search = ''] = beforeHash.split('?', 2)
  const parameters = new URLSearchParams(search)
  if (asOf === null) parameters.delete('asOf')
  else if (!parameters.has('asOf')) parameters.set('asOf', asOf)
  const query = parameters.toString()
  return `${path}${query ? `?${query}` : ''}${hash === undefined ? '' : `#${hash}`}`
}

/** Given by the root of all pages: each of a hundred links would read the address again. */
export const AsOfContext = createContext<AsOf | null>(null)

/** What the address looks back at, null for now: for the context. */
export function useAsOfOfAddress(): AsOf | null {
  const [parameters] = useSearchParams()
  const value = parameters.get('asOf')
  return useMemo(() => parseAsOf(value), [value])
}

/** What the page looks back at, null for now. */
export const useAsOf = (): AsOf | null => useContext(AsOfContext)

/** A function that keeps the page's look back on a link. */
export function useWithAsOf(): (href: string) => string {
  const asOf = useAsOf()?.value ?? null
  return useCallback(href => (asOf === null ? href : withAsOf(href, asOf)), [asOf])
}

/** This page with other search parameters: null takes one off. The rest of the query stays. */
export function useHrefWith(): (changes: Record<string, string | null>) => string {
  const { pathname, search } = useLocation()
  return useCallback(
    changes => {
      const parameters = new URLSearchParams(search)
      for (const [name, value] of Object.entries(changes)) {
        if (value === null) parameters.delete(name)
        else parameters.set(name, value)
      }
      const query = parameters.toString()
      return query ? `${pathname}?${query}` : pathname
    },
    [pathname, search],
  )
}
