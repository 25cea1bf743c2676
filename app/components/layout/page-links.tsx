import { PrefetchPageLinks, useNavigate } from '@remix-run/react'
import { useEffect, useState } from 'react'

/**
 * Follows the links of a page without loading the document anew, as the router's own link would: a plain click, to this
 * site, that nobody else has taken. All else is the browser's.
 */
export function PageLinks() {
  const navigate = useNavigate()
  const [prefetched, setPrefetched] = useState<string | null>(null)
  useEffect(() => {
    const follow = (event: MouseEvent) => {
      const link = isPlain(event) ? linkAt(event) : null
      if (!link) return
      event.preventDefault()
      navigate(pathOf(link), {
        replace: link.href === window.location.href,
        preventScrollReset: link.dataset.pageLink === 'keeps-scroll',
      })
    }
    let timer: ReturnType<typeof setTimeout> | undefined
    const intend = (event: Event) => {
      clearTimeout(timer)
      const link = linkAt(event)
      if (link?.dataset.prefetch !== undefined)
        timer = setTimeout(() => setPrefetched(pathOf(link)), restedFor)
    }
    const ends = [
      listen('click', follow),
      ...(['mouseover', 'focusin', 'touchstart'] as const).map(type => listen(type, intend)),
    ]
    return () => {
      clearTimeout(timer)
      for (const end of ends) end()
    }
  }, [navigate])
  return prefetched === null ? null : <PrefetchPageLinks key={prefetched} page={prefetched} />
}

/** Milliseconds that a link is pointed at before its page is fetched: passing over it is no intent. */
const restedFor = 100

const isPlain = (event: MouseEvent) =>
  !event.defaultPrevented &&
  event.button === 0 &&
  !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)

function linkAt({ target }: Event): HTMLAnchorElement | null {
  const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[data-page-link]') : null
  const isHere = link?.origin === window.location.origin && (link.target === '' || link.target === '_self')
  return isHere ? link : null
}

const pathOf = ({ pathname, search, hash }: HTMLAnchorElement) => `${pathname}${search}${hash}`

function listen<Type extends keyof DocumentEventMap>(
  type: Type,
  listener: (event: DocumentEventMap[Type]) => void,
) {
  document.addEventListener(type, listener, { passive: type === 'touchstart' })
  return () => document.removeEventListener(type, listener)
}
