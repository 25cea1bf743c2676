import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useLoaderData } from '@remix-run/react'
import type { ReactNode } from 'react'
import { PageLinks } from './components/layout/page-links.tsx'
import { PendingLine } from './components/layout/pending-line.tsx'
import { RouteErrorPage } from './components/layout/route-error.tsx'
import { ClockProvider } from './components/time/clock-provider.tsx'
import { AsOfContext, useAsOfOfAddress } from './lib/as-of.ts'
import { PRODUCT_NAME, PRODUCT_PURPOSE } from './lib/brand.ts'
import { useNonce } from './lib/nonce.ts'
import { type RootData, useRootData } from './lib/root-data.ts'
import { readTheme } from './lib/theme.ts'
import './styles/app.css'

export const meta: MetaFunction = () => [
  { title: PRODUCT_NAME },
  { name: 'description', content: PRODUCT_PURPOSE },
]

export function loader({ request, context }: LoaderFunctionArgs): RootData {
  return {
    now: context.now,
    requestId: context.requestId,
    theme: readTheme(request.headers.get('cookie')),
  }
}

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce()
  const theme = useRootData()?.theme ?? 'system'
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme === 'system' ? 'light dark' : theme} />
        <link rel="icon" href={ICON} />
        <Meta />
        <Links />
      </head>
      <body>
        <AsOfContext.Provider value={useAsOfOfAddress()}>{children}</AsOfContext.Provider>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  )
}

export default function App() {
  const { now } = useLoaderData<typeof loader>()
  return (
    <ClockProvider now={now}>
      <PendingLine />
      <PageLinks />
      <Outlet />
    </ClockProvider>
  )
}

export const ErrorBoundary = RouteErrorPage

/** The mark as a data URL: the policy allows no foreign image, and one request less. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#0f7c84" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"><path d="M4 20V8l8-5 8 5v12"/><path d="M8.5 13l2.6 2.6 4.6-5.2"/></svg>',
)}`
