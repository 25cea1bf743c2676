import { type ActionFunctionArgs, redirect } from '@remix-run/node'
import { readForm } from '../lib/form-action.ts'
import { type Theme, writeTheme } from '../lib/theme.ts'

/** Keeps the choice of light or dark and goes back to where it was made. */
export async function action({ request, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const chosen = form.get('theme')
  const theme: Theme = chosen === 'light' || chosen === 'dark' ? chosen : 'system'
  return redirect(ownPath(form.get('returnTo'), request.url), {
    headers: { 'Set-Cookie': writeTheme(theme, context.isSecure) },
  })
}

/** Only a path of this site: anything else would make an open redirect. */
function ownPath(returnTo: unknown, here: string): string {
  if (typeof returnTo !== 'string' || returnTo.length > 2_000 || !URL.canParse(returnTo, here)) return '/'
  const { origin, pathname, search } = new URL(returnTo, here)
  // `/.//host` has our origin, and its normalised path would not when a browser reads it again.
  const isOwn = origin === new URL(here).origin && returnTo.startsWith('/') && !pathname.startsWith('//')
  return isOwn ? pathname + search : '/'
}

export const loader = () => redirect('/')
