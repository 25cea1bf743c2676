export type Theme = 'system' | 'light' | 'dark'

/** Reads the reader's choice from a Cookie header; anything unknown follows the system. */
export function readTheme(cookieHeader: string | null): Theme {
  const value = /(?:^|;\s*)(?:__Host-)?theme=(light|dark)(?:;|$)/.exec(cookieHeader ?? '')?.[1]
  return value === 'light' || value === 'dark' ? value : 'system'
}

/** The Set-Cookie value that keeps the choice for a year. */
export function writeTheme(theme: Theme, isSecure: boolean): string {
  const lifetime = theme === 'system' ? 0 : 365 * 24 * 60 * 60
  const cookie = `theme=${theme}; Path=/; Max-Age=${lifetime}; SameSite=Lax; HttpOnly`
  return isSecure ? `__Host-${cookie}; Secure` : cookie
}
