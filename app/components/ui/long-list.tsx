import { type ReactNode, useEffect, useRef, useState } from 'react'
import { formatCount, formatNumber } from '../../lib/format.ts'
import type { Place, Room } from '../../lib/places.ts'

/** Further than this from what is in sight, rows are not drawn. */
const DRAWN_AROUND = '1200px 0px'

/** So far ahead of what is in sight the next page is asked for: who scrolls on does not see it come. */
const LOADED_AHEAD = '2000px 0px'

/**
 * Rows of a long table that were loaded together. Out of sight they give way to their room, so that a hundred thousand
 * rows weigh what a few screens do; where the keyboard is in them they stay. `rooms` keeps what each one took for who
 * comes back.
 */
export function RowGroup({ rooms, index, children }: RowGroupProps) {
  const group = useRef<HTMLTableSectionElement>(null)
  const [room, setRoom] = useState(rooms[index] ?? null)
  useEffect(() => {
    const element = group.current
    if (!element) return
    const observer = new IntersectionObserver(
      entries => {
        const isDrawn = entries.at(-1)?.isIntersecting || element.contains(document.activeElement)
        setRoom(was => (isDrawn ? null : (was ?? roomOf(element))))
      },
      { root: scrollerOf(element), rootMargin: DRAWN_AROUND },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    rooms[index] = room
  }, [rooms, index, room])
  return (
    <tbody ref={group} {...GROUP}>
      {room === null ? (
        children
      ) : (
        <tr style={{ height: room.height }}>
          {room.widths.map((minWidth, column) => (
            <td key={column} style={{ minWidth }} />
          ))}
        </tr>
      )}
    </tbody>
  )
}

/** Null where there is none to measure. */
function roomOf(group: Element): Room | null {
  const { height } = group.getBoundingClientRect()
  const cells = [...(group.querySelector('tr')?.children ?? [])]
  // Where a table stacks its cells take no width from each other.
  const isStacked = cells.some(cell => getComputedStyle(cell).display !== 'table-cell')
  const widths = isStacked ? [] : cells.map(cell => cell.getBoundingClientRect().width)
  return height > 0 ? { height, widths } : null
}

type RowGroupProps = { rooms: Place['rooms']; index: number; children: ReactNode }

/** Said although the element implies it, as everywhere in a table that stacks on a phone. */
const GROUP = { role: 'rowgroup' }

/**
 * The end of a long list: when somebody scrolls to it what follows is loaded, and how far one is is told. Only what scrolls
 * loads: a page stands still by itself, and Tab comes to what is behind the list, the link to the next page first.
 */
export function ListEnd({ of, shown, total, isSeen = true, isLoading, onReached }: ListEndProps) {
  const end = useRef<HTMLDivElement>(null)
  const [isReached, setIsReached] = useState(false)
  const isScrolled = useIsScrolled()
  useEffect(() => {
    const element = end.current
    if (!element) return
    const observer = new IntersectionObserver(
      entries => setIsReached(entries.at(-1)?.isIntersecting ?? false),
      { root: scrollerOf(element), rootMargin: LOADED_AHEAD },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    if (isReached && isScrolled && !isLoading) onReached()
  }, [isReached, isScrolled, isLoading, onReached])
  const hasFurther = shown > of
  return (
    <>
      <div ref={end} className="min-h-px" />
      <p
        role="status"
        className={
          hasFurther && isSeen
            ? 'bg-surface px-4 py-1.5 text-xs text-ink-3 in-data-scrolls:sticky in-data-scrolls:bottom-0'
            : 'sr-only'
        }
      >
        {hasFurther ? shownWords(shown, total) : ''}
      </p>
    </>
  )
}

/** Whether somebody scrolled since the page came, by wheel, finger or key. */
export function useIsScrolled(): boolean {
  const [isScrolled, setIsScrolled] = useState(false)
  useEffect(() => {
    const seen = new AbortController()
    const options = { passive: true, signal: seen.signal }
    const scrolled = () => {
      seen.abort()
      setIsScrolled(true)
    }
    window.addEventListener('wheel', scrolled, options)
    window.addEventListener('touchmove', scrolled, options)
    window.addEventListener(
      'keydown',
      ({ key }) => {
        if (key === 'PageDown' || key === 'End') scrolled()
      },
      options,
    )
    return () => seen.abort()
  }, [])
  return isScrolled
}

type ListEndProps = {
  /** How many the page in the address has. */
  of: number
  /** How many are shown with those that were loaded after it. */
  shown: number
  /** How many there are at all; null where nobody counted them. */
  total: number | null
  /** Whether those who see are told how far one is. Not where nothing may stand below what is still to come. */
  isSeen?: boolean
  isLoading: boolean
  onReached(): void
}

const shownWords = (shown: number, total: number | null) =>
  total === null
    ? `${formatCount(shown, 'row')} shown`
    : `${formatNumber(shown)} of ${formatNumber(total)} shown`

/** What scrolls a list: a region of its own, or else the page. */
const scrollerOf = (element: Element) => element.closest('[data-scrolls]')
