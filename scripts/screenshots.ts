import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { demoPassword } from '../sandbox/demo-people.ts'
import { launchBrowser } from '../tests/support/browser.ts'
import { startDemo } from './demo-process.ts'

/*
 * `npm run screenshots`: plays 30 days into a demo of its own and takes the pictures of docs/images from its pages.
 * With `-- --origin http://localhost:3000` it takes them from a demo that runs already with `--history 30d`.
 */

const folder = join(import.meta.dirname, '..', 'docs', 'images')
const base = '/o/northwind-traders-30-days'
const day = 86_400_000

interface Picture {
  name: string
  path: string
  /** Light, on a desktop, at one pixel a pixel, unless said otherwise. */
  isDark?: boolean
  isPhone?: boolean
  isSharp?: boolean
  /** The height of the picture where the page is longer than anybody would look at. */
  height?: number
}

const { values } = parseArgs({ options: { origin: { type: 'string' } } })
const demo = values.origin
  ? { origin: values.origin, stop: () => Promise.resolve() }
  : await startDemo({ args: ['--history', '30d'], patience: 600_000 })
try {
  const browser = await launchBrowser()
  try {
    await mkdir(folder, { recursive: true })
    for (const picture of pictures(await connectionPath(browser))) await take(browser, picture)
  } finally {
    await browser.close()
  }
} finally {
  await demo.stop()
}

function pictures(connection: string): Picture[] {
  const outage = encodeURIComponent(new Date(Date.now() - 14 * day).toISOString())
  return [
    { name: 'overview-light', path: base, isSharp: true },
    { name: 'overview-dark', path: base, isSharp: true, isDark: true },
    { name: 'overview-as-of', path: `${base}?asOf=${outage}` },
    { name: 'overview-phone', path: base, isPhone: true, isSharp: true },
    { name: 'controls', path: `${base}/controls` },
    { name: 'population', path: `${base}/evidence/kind/user_inventory`, height: 1100 },
    { name: 'audit', path: `${base}/audit`, height: 1100 },
    { name: 'connect', path: `${base}/settings/integrations/entra`, height: 900 },
    { name: 'connection', path: connection, height: 1320 },
  ]
}

async function connectionPath(browser: Browser): Promise<string> {
  const page = await signedIn(browser, { name: '', path: '' })
  await page.goto(`${demo.origin}${base}/settings/integrations`)
  const path = await page.locator('a[href*="/connections/"]').first().getAttribute('href')
  await page.context().close()
  if (!path) throw new Error('the played organization has no connection')
  return path
}

async function take(browser: Browser, picture: Picture) {
  const page = await signedIn(browser, picture)
  await page.goto(demo.origin + picture.path, { waitUntil: 'networkidle' })
  const path = join(folder, `${picture.name}.png`)
  const { height } = picture
  const whole = { path, fullPage: true, animations: 'disabled' } as const
  const width = page.viewportSize()?.width ?? 0
  await page.screenshot(height === undefined ? whole : { ...whole, clip: { x: 0, y: 0, width, height } })
  console.log(`docs/images/${picture.name}.png`)
  await page.context().close()
}

async function signedIn(browser: Browser, { isDark, isPhone, isSharp }: Picture): Promise<Page> {
  const context = await browser.newContext({
    viewport: isPhone ? { width: 390, height: 844 } : { width: 1360, height: 900 },
    colorScheme: isDark ? 'dark' : 'light',
    deviceScaleFactor: isSharp ? 2 : 1,
    timezoneId: 'UTC',
  })
  const page = await context.newPage()
  await page.goto(`${demo.origin}/login`)
  await page.fill('[name=email]', 'admin@northwind.example')
  await page.fill('[name=password]', demoPassword)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(/\/o\//)
  return page
}
