/**
 * Where to go after signing in: a path of our own, or `fallback`. Anything a browser could read as another origin is
 * refused: `//host`, `/\host`, a scheme, control characters that browsers drop.
 */
export function safeRedirect(target: unknown, fallback = '/'): string {
  if (typeof target !== 'string' || target.length > 2_000) return fallback
  if (!/^\/(?![/\\])/.test(target) || /[\p{Cc}\\]/u.test(target)) return fallback
  const origin = 'http://own.invalid'
  const url = URL.parse(target, origin)
  // `/.//host` has our origin, but its normalised path would not when it is used again.
  if (url?.origin !== origin || url.pathname.startsWith('//')) return fallback
  return `${url.pathname}${url.search}${url.hash}`
}
