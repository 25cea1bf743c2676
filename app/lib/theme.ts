export type Theme = 'system' | 'light' | 'dark'

/** Reads the reader's choice from a Cookie header; anything unknown follows the system. */
export function readTheme(cookieHeader: string | null): Theme {
  const value = /(?:^|;\s*)theme=(light|dark)(?:;|$)/.exec(cookieHeader ?? '')?.[1]
  return value === 'light' || value === 'dark' ? value : 'system'
}

/** The Set-Cookie value that keeps the choice for a year. */
export function writeTheme(theme: Theme): string {
  const lifetime = theme === 'system' ? 0 : 365 * 24 * 60 * 60
  return `theme=${theme}; Path=/; Max-Age=${lifetime}; SameSite=Lax; HttpOnly`
}
