import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { demoPassword } from '../sandbox/demo-people.ts'
import { launchBrowser } from '../tests/support/browser.ts'
import { startDemo, until } from './demo-process.ts'

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
    const session = await signIn(browser)
    const encoder = await browser.newPage()
    for (const picture of await pictures(browser, session)) {
      const png = await take(browser, session, picture)
      await writeFile(join(folder, `${picture.name}.webp`), await webpOf(encoder, png))
      console.log(`docs/images/${picture.name}.webp`)
    }
  } finally {
    await browser.close()
  }
} finally {
  await demo.stop()
}

async function pictures(browser: Browser, session: Session): Promise<Picture[]> {
  const outage = encodeURIComponent(new Date(Date.now() - 14 * day).toISOString())
  const weekAgo = encodeURIComponent(new Date(Date.now() - 7 * day).toISOString())
  const found = await browser.newContext({ storageState: session })
  const page = await found.newPage()
  const connection = await linkOn(page, '/settings/integrations', 'main a[href*="/connections/"]')
  const assessment = await linkOn(page, '/assessments', 'main tbody a[href*="/assessments/"]')
  const archive = await exported(page)
  await found.close()
  return [
    { name: 'overview-light', path: base, isSharp: true },
    { name: 'overview-dark', path: base, isSharp: true, isDark: true },
    { name: 'overview-as-of', path: `${base}?asOf=${outage}` },
    { name: 'overview-phone', path: base, isPhone: true, isSharp: true },
    { name: 'controls', path: `${base}/controls` },
    { name: 'control', path: `${base}/controls/AC-02`, height: 1400 },
    { name: 'accounts', path: `${base}/accounts`, height: 1000 },
    { name: 'population', path: `${base}/evidence/kind/user_inventory`, height: 1100 },
    { name: 'assessment', path: assessment, height: 1400 },
    { name: 'alerts', path: `${base}/alerts`, height: 1000 },
    { name: 'audit', path: `${base}/audit`, height: 1100 },
    { name: 'proof', path: `${base}/audit/12` },
    { name: 'compare', path: `${base}/audit/compare?against=${weekAgo}`, height: 1400 },
    { name: 'export', path: archive },
    { name: 'connect', path: `${base}/settings/integrations/entra`, height: 900 },
    { name: 'connection', path: connection, height: 1320 },
  ]
}

async function linkOn(page: Page, path: string, selector: string): Promise<string> {
  await page.goto(`${demo.origin}${base}${path}`)
  const link = await page.locator(selector).first().getAttribute('href')
  if (!link) throw new Error(`${path} of the played organization leads nowhere`)
  return link
}

/** Asks for an archive and waits until it is made. @returns the path of its page */
async function exported(page: Page): Promise<string> {
  await page.goto(`${demo.origin}${base}/audit/exports`)
  await page.getByRole('button', { name: 'Export everything' }).click()
  await page.waitForURL(/\/audit\/exports\/[\w-]+/)
  const { pathname } = new URL(page.url())
  await until('the archive', 300_000, () => page.getByRole('link', { name: /^Download/ }).isVisible())
  return pathname
}

async function take(browser: Browser, session: Session, picture: Picture): Promise<Buffer> {
  const { path, isDark, isPhone, isSharp, height } = picture
  const context = await browser.newContext({
    viewport: isPhone ? { width: 390, height: 844 } : { width: 1360, height: 900 },
    colorScheme: isDark ? 'dark' : 'light',
    deviceScaleFactor: isSharp ? 2 : 1,
    timezoneId: 'UTC',
    storageState: session,
  })
  const page = await context.newPage()
  // A page that follows the log keeps a connection open: it is never idle.
  await page.goto(demo.origin + path, { waitUntil: 'load' })
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.evaluate(() => document.fonts.ready)
  const whole = { fullPage: true, animations: 'disabled' } as const
  const width = page.viewportSize()?.width ?? 0
  const png = await page.screenshot(
    height === undefined ? whole : { ...whole, clip: { x: 0, y: 0, width, height } },
  )
  await context.close()
  return png
}

/** The picture as WebP, which the browser itself can write: a third of the size of PNG. */
async function webpOf(page: Page, png: Buffer): Promise<Buffer> {
  const data = await page.evaluate(
    async source => {
      const image = new Image()
      image.src = source
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = image.naturalWidth
      canvas.height = image.naturalHeight
      canvas.getContext('2d')?.drawImage(image, 0, 0)
      return canvas.toDataURL('image/webp', 0.85)
    },
    `data:image/png;base64,${png.toString('base64')}`,
  )
  return Buffer.from(data.slice(data.indexOf(',') + 1), 'base64')
}

type Session = Awaited<ReturnType<BrowserContext['storageState']>>

async function signIn(browser: Browser): Promise<Session> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${demo.origin}/login`)
  await page.fill('[name=email]', 'admin@northwind.example')
  await page.fill('[name=password]', demoPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL(/\/o\//)
  const session = await context.storageState()
  await context.close()
  return session
}
