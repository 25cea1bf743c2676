export interface SignInOptions {
  /** Key of the account to pick (default `security-reader`). */
  account?: string
  /** Presses Cancel on the consent page. */
  decline?: boolean
  /** Maps a production URL to the stand-in's. */
  rewrite?: (url: string) => string
}

/**
 * Walks the sign-in and consent pages as a browser without scripts would, and gives the redirect back to the
 * application. Throws with the page's text when the sign-in ends on a page.
 */
export async function signInAndConsent(authorizeUrl: string, options: SignInOptions = {}): Promise<URL> {
  const rewrite = options.rewrite ?? (url => url)
  const redirectUri = new URL(authorizeUrl).searchParams.get('redirect_uri') ?? ''
  const cookies = new Map<string, string>()
  let url = rewrite(authorizeUrl)
  let form: URLSearchParams | null = null
  let answered = 0
  for (let hop = 0; hop < 12; hop += 1) {
    const response: Response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: form } : {}),
    })
    remember(cookies, response)
    const location = response.headers.get('location')
    if (location !== null) {
      const next = new URL(location, url)
      if (next.href.startsWith(redirectUri)) return next
      url = rewrite(next.href)
      form = null
      continue
    }
    const text = await response.text()
    if (response.status !== 200 || answered > 1)
      throw new Error(`The sign-in ended on a page: ${plainText(text)}`)
    const needsAdmin = text.includes('AADSTS90094')
    const decision = needsAdmin ? 'return' : options.decline ? 'cancel' : 'accept'
    form = new URLSearchParams({
      account: options.account ?? 'security-reader',
      ...(answered > 0 ? { decision } : {}),
    })
    answered += 1
  }
  throw new Error('The sign-in redirected too often')
}

function remember(cookies: Map<string, string>, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [pair = ''] = line.split(';')
    const cut = pair.indexOf('=')
    cookies.set(pair.slice(0, cut), pair.slice(cut + 1))
  }
}

function plainText(html: string): string {
  return html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 600)
}
