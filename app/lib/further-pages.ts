import { useFetcher, useLocation } from '@remix-run/react'
import { useCallback, useEffect, useReducer, useRef } from 'react'
import type { FurtherRows } from '../components/ui/data-table.tsx'
import { useRemembered } from './places.ts'

type Paged = { next: string | number | null }

export type FurtherPages<Page extends Paged> = {
  /** The page in the address, and those that were loaded after it. */
  pages: Page[]
  isLoading: boolean
  /** Loads what follows, unless it is on its way or there is nothing. */
  loadNext(): void
}

/**
 * What follows a page of a list, loaded as one goes on. `path` answers one page, by the address's own search, with the
 * page to go on from as `parameter`. What was loaded stays while the address does, also when the page is loaded anew, and
 * is there again for who goes back to it. A list that begins anew says so by another `beginning`.
 */
export function useFurtherPages<Page extends Paged>(
  first: Page,
  path: string,
  { parameter = 'cursor', beginning = '' }: { parameter?: string; beginning?: string } = {},
): FurtherPages<Page> {
  const { search } = useLocation()
  const loaded = useRemembered<Loaded<Page>>(path, () => ({ beginning, pages: [] }))
  const [, draw] = useReducer((drawn: number) => drawn + 1, 0)
  const fetcher = useFetcher<Page>()
  const asked = useRef<{ of: Loaded<Page>; beginning: string; from: string } | null>(null)
  const further = loaded.beginning === beginning ? loaded.pages : []
  const last = further.at(-1)?.page ?? first

  useEffect(() => {
    const { current } = asked
    // As the loader answered it: instants stay instants.
    const page = fetcher.data as Page | undefined
    if (!page || !current) return
    const { of, beginning, from } = current
    const before = of.beginning === beginning ? of.pages : []
    // The same page again where everything was loaded anew.
    const pages = [...before.filter(each => each.from !== from), { from, page }]
    Object.assign(of, { beginning, pages })
    draw()
  }, [fetcher.data])

  const { load, state } = fetcher
  const next = last.next === null ? null : String(last.next)
  const loadNext = useCallback(() => {
    if (next === null || state !== 'idle') return
    const parameters = new URLSearchParams(search)
    parameters.set(parameter, next)
    asked.current = { of: loaded, beginning, from: next }
    load(`${path}?${parameters}`)
  }, [next, state, search, loaded, beginning, parameter, path, load])

  return { pages: [first, ...further.map(({ page }) => page)], isLoading: state !== 'idle', loadNext }
}

/** The same for a table; undefined for one that a page holds whole. */
export function furtherRows<Page extends Paged & { previous: string | null }, Row>(
  { pages, isLoading, loadNext }: FurtherPages<Page>,
  rowsOf: (page: Page) => readonly Row[],
  total: number | null,
): FurtherRows<Row> | undefined {
  const [first, ...others] = pages
  if (!first || (first.next === null && first.previous === null)) return undefined
  return {
    groups: others.map(rowsOf),
    total,
    isFromFirst: first.previous === null,
    isLoading,
    onReached: loadNext,
  }
}

type Loaded<Page> = { beginning: string; pages: { from: string; page: Page }[] }
