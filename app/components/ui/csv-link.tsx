import { useSearchParams } from '@remix-run/react'
import { useBase } from '../../lib/organization.ts'

/** The whole of a page's table as a file: the same filters, order and moment as in the address, without its page. */
export function CsvLink({ path }: { path: string }) {
  const base = useBase()
  const [parameters] = useSearchParams()
  const kept = new URLSearchParams([...parameters].filter(([name]) => !OF_PAGE.has(name)))
  const search = kept.size > 0 ? `?${kept}` : ''
  return (
    <a href={`${base}${path}${search}`} download className="link">
      CSV
    </a>
  )
}

const OF_PAGE = new Set(['cursor', 'before', 'done', 'after'])
