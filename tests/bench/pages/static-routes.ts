import type { ServerBuild } from '@remix-run/node'
import { useSearchParams } from '@remix-run/react'
import { createElement } from 'react'

/** A page that asks for nothing and is rendered as the product's pages are; `?bytes=` long. */
export const staticPage = '/static-page'
/** The same without React: Remix hands out a response. */
export const staticBytes = '/static-bytes'

/** The build with both routes. */
export function withStaticRoutes(build: ServerBuild): ServerBuild {
  const page = { id: 'routes/static-page', parentId: 'root', path: staticPage.slice(1) }
  const bytes = { id: 'routes/static-bytes', parentId: 'root', path: staticBytes.slice(1) }
  const served = {
    hasLoader: false,
    hasAction: false,
    hasClientAction: false,
    hasClientLoader: false,
    hasErrorBoundary: false,
    imports: [],
    module: '/assets/static-page.js',
  }
  return {
    ...build,
    routes: {
      ...build.routes,
      [page.id]: { ...page, module: { default: StaticPage } },
      [bytes.id]: { ...bytes, module: { default: undefined, loader: answerBytes } },
    },
    assets: {
      ...build.assets,
      routes: {
        ...build.assets.routes,
        [page.id]: { ...page, ...served },
        [bytes.id]: { ...bytes, ...served, hasLoader: true },
      },
    },
  }
}

function StaticPage() {
  const [parameters] = useSearchParams()
  return createElement('main', { dangerouslySetInnerHTML: { __html: fill(parameters) } })
}

const answerBytes = ({ request }: { request: Request }) =>
  new Response(fill(new URL(request.url).searchParams), {
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
  })

const filled = new Map<number, string>()

/** So many bytes, made once. */
function fill(parameters: URLSearchParams): string {
  const bytes = Number(parameters.get('bytes'))
  const text = filled.get(bytes) ?? '<p>as it is</p>'.repeat(Math.ceil(bytes / 15)).slice(0, bytes)
  filled.set(bytes, text)
  return text
}
