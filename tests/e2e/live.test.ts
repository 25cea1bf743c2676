import { connect, createServer, type Socket } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { layoutShifts, watchLayout } from '../support/layout-shifts.ts'
import { consent, demo, fill, fine, press, sees, signIn, useBrowser, type Walker } from '../support/walk.ts'

/* Pages that are open while something happens: what comes moves nothing that is read, and a cut is told and made good. */

const browser = useBrowser()
const base = '/o/fabrikam-health'
let admin: Walker
let reader: Walker
let line: Line

beforeAll(async () => {
  line = await openLine()
  admin = await browser.walker()
  reader = await browser.walker()
  await watchLayout(admin.page.context())
  await Promise.all([admin, reader].map(walker => signIn(walker, 'admin@fabrikam.example')))
})
afterAll(async () => {
  await Promise.all([admin, reader].map(walker => walker?.page.context().close()))
  line?.close()
})

test('a sync moves nothing on the pages that are open meanwhile', async () => {
  const { page } = admin
  await page.goto(`${demo.origin}${base}/settings/integrations/entra`)
  await fill(page, demo.directory)
  await press(page, 'Continue to Microsoft')
  await page.locator('button[name=account]').first().waitFor()
  await fine(admin)
  await consent(page, 'Accept')
  await page.waitForURL(/\/settings\/integrations\/connections\//)
  await sees(admin, /Users: \d+/)
  const connection = new URL(page.url()).pathname
  const context = page.context()
  const watched = await Promise.all(
    ['', '/audit', '/alerts'].map(async path => {
      const beside = await context.newPage()
      await beside.goto(`${demo.origin}${base}${path}`)
      return beside
    }),
  )
  await page.goto(demo.origin + connection)
  const loadedAnew = watched.map(each => each.waitForResponse(/\.data\b/, { timeout: 60_000 }))
  const ended = page.waitForResponse(/\/connections\/[\w-]+\.data\b/)
  await press(page, 'Sync now')
  await Promise.all([ended, ...loadedAnew])
  await watched[1]?.getByRole('button', { name: /^Show .+ new events?$/ }).waitFor()
  await page.getByText('No sync is going on').waitFor()
  for (const each of [page, ...watched]) {
    const { sum, shifts } = await layoutShifts(each)
    expect(sum, [each.url(), ...shifts].join('\n')).toBeLessThan(0.02)
  }
  await Promise.all(watched.map(each => each.close()))
})

test('a stream that is cut is told, is made again, and misses nothing', async () => {
  const { page } = reader
  await page.goto(`${line.origin}${base}/audit`)
  const newest = async () => {
    const words = await page.locator('#events header').textContent()
    return Number(/to ([\d,]+)/.exec(words ?? '')?.[1]?.replaceAll(',', ''))
  }
  await page.evaluate(() => Object.assign(window, { isSamePage: true }))
  await expect.poll(() => line.streams()).toBeGreaterThan(0)
  const before = await newest()
  line.cut()
  await page.getByText('Connection lost, trying again…').waitFor()
  await page.getByText(/What you see is from/).waitFor()
  await fine(reader)
  await changeThreshold()
  line.mend()
  await page.getByText('Connected again and caught up: nothing is missing.').waitFor({ timeout: 60_000 })
  await expect.poll(newest, { timeout: 20_000 }).toBeGreaterThan(before)
  await press(page.locator('#events'), /^Show \d+ new events?$/)
  await page.locator('#events').getByText('Threshold changed').locator('visible=true').first().waitFor()
  expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true)
})

test('eight pages of one browser are loaded, share a stream, and all show what is recorded', async () => {
  const context = reader.page.context()
  const streams: string[] = []
  context.on('request', request => {
    if (request.url().startsWith(`${demo.origin}/api/trpc/ledger.follow`)) streams.push(request.url())
  })
  const pages: Page[] = []
  for (let count = 0; count < 8; count++) {
    const page = await context.newPage()
    await page.goto(`${demo.origin}${base}/audit`)
    pages.push(page)
  }
  await expect.poll(() => streams.length).toBe(1)
  await changeThreshold()
  const news = (page: Page) => page.getByRole('button', { name: /^Show \d+ new events?$/ })
  for (const page of pages) await news(page).waitFor()
  expect(streams).toHaveLength(1)
  // The one that has the stream goes, and another one follows on.
  const [first, ...others] = pages
  await first?.close()
  for (const page of others) await news(page).click()
  await changeThreshold()
  for (const page of others) await news(page).waitFor()
  expect(streams).toHaveLength(2)
  await Promise.all(others.map(page => page.close()))
})

async function changeThreshold() {
  await admin.page.goto(`${demo.origin}${base}/settings/organization`)
  const value = admin.page.locator('#thresholds [name=value]').first()
  await value.fill(String(Number(await value.inputValue()) + 1))
  await press(admin.page.locator('#thresholds'), 'Set')
  await sees(admin, /The threshold is set/)
}

/** A way to the demo that can be cut. Cookies know no ports: who signed in at the demo is signed in here. */
interface Line {
  origin: string
  /** How many streams of events go over it. */
  streams(): number
  /** Ends what goes on, and refuses what comes. */
  cut(): void
  mend(): void
  close(): void
}

async function openLine(): Promise<Line> {
  const sockets = new Set<Socket>()
  const following = new Set<Socket>()
  let isCut = false
  const server = createServer(socket => {
    if (isCut) {
      socket.destroy()
      return
    }
    const onward = connect(Number(new URL(demo.origin).port), 'localhost')
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        other.destroy()
        sockets.delete(one)
        following.delete(one)
      })
      one.pipe(other)
    }
    socket.on('data', part => {
      if (part.toString('latin1').startsWith('GET /api/trpc/ledger.follow')) following.add(socket)
    })
  })
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const end = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    origin: `http://localhost:${port}`,
    streams: () => following.size,
    cut() {
      isCut = true
      end()
    },
    mend() {
      isCut = false
    },
    close() {
      end()
      server.close()
    },
  }
}
