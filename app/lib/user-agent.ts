/** A browser and its system in words, as well as its header tells; good enough to know one's own again. */
export function describeUserAgent(header: string | null): string {
  if (!header) return 'Unknown browser'
  const browser = BROWSERS.find(([pattern]) => pattern.test(header))?.[1] ?? 'Browser'
  const system = SYSTEMS.find(([pattern]) => pattern.test(header))?.[1]
  return system ? `${browser} on ${system}` : browser
}

/** In this order: each also carries the names of those after it. */
const BROWSERS: readonly [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\/|Chromium\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]

const SYSTEMS: readonly [RegExp, string][] = [
  [/Windows/, 'Windows'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X/, 'macOS'],
  [/Android/, 'Android'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
]
