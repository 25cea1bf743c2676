import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keyboardWalk } from '../support/keyboard.ts'
import { layoutShifts, watchLayout } from '../support/layout-shifts.ts'
import {
  demo,
  findings,
  fine,
  none,
  phone,
  playedBase,
  signIn,
  useBrowser,
  type Walker,
} from '../support/walk.ts'

/* Every page in every state, light and dark, by the rules of WCAG 2.2 AA and by keyboard alone. */

const browser = useBrowser()
let owner: Walker
let auditor: Walker

beforeAll(async () => {
  owner = await browser.walker()
  auditor = await browser.walker()
  await Promise.all([signIn(owner, 'admin@northwind.example'), signIn(auditor, 'auditor@northwind.example')])
})
afterAll(() => Promise.all([owner, auditor].map(walker => walker?.page.context().close())))

const PAGES = [
  '',
  '/controls',
  '/controls/AC-02',
  '/controls/AC-12',
  '/controls/AC-14',
  '/controls/AC-15',
  '/evidence',
  '/evidence/kind/user_inventory',
  '/evidence/kind/conditional_access_policies',
  '/accounts',
  '/assessments',
  '/audit',
  '/audit/12',
  '/audit/compare?against=12',
  '/audit/checkpoints',
  '/audit/exports',
  '/audit/subscriptions',
  '/alerts',
  '/settings/alerts',
  '/settings/integrations',
  '/settings/integrations/entra',
  '/settings/members',
  '/settings/organization',
  '/settings/organization/data?retention=5',
]

/** Pages that stand behind others, by a link on them. */
const BEHIND = [
  { from: '/evidence/kind/user_inventory', link: '/evidence/' },
  { from: '/accounts', link: '/accounts/' },
  { from: '/assessments', link: '/assessments/' },
  { from: '/settings/integrations', link: '/connections/' },
]

describe('with a past', () => {
  test.each(PAGES)('%s: content, opened, in the dark, and by keyboard', async path => {
    expect(await open(owner, playedBase + path)).toBe(200)
    await isFineThroughout(owner)
  })

  test.each(BEHIND)('what $from leads to', async ({ from, link }) => {
    await open(owner, playedBase + from)
    const path = await owner.page
      .locator(`main a[href*="${link}"]:not([href*="/kind/"])`)
      .first()
      .getAttribute('href')
    await open(owner, path ?? '')
    await isFineThroughout(owner)
  })

  test.each(['', '/controls/AC-02', '/evidence', '/accounts', '/audit', '/alerts', '/settings/members'])(
    '%s as it was before',
    async path => {
      await open(owner, `${playedBase}${path}?asOf=40`)
      await owner.page.getByText(/As it was on/).waitFor()
      await isFine(owner)
    },
  )

  test('the panels that open over a page', async () => {
    const { page } = owner
    await open(owner, playedBase)
    for (const summary of await page.locator('summary:visible').all()) {
      await summary.click()
      none(await findings(page), `${page.url()}: ${await summary.textContent()}`)
      await page.keyboard.press('Escape')
    }
  })

  test('nothing moves for who asked for that', async () => {
    await open(owner, playedBase)
    const moving = await owner.page.evaluate(() =>
      [...document.querySelectorAll('*')]
        .filter(element => {
          const { animationDuration, transitionDuration } = getComputedStyle(element)
          return [animationDuration, transitionDuration]
            .join()
            .split(',')
            .some(time => Number.parseFloat(time) > 0.001)
        })
        .map(element => element.outerHTML.slice(0, 120)),
    )
    none(moving, owner.page.url())
  })
})

test('a long list goes on by wheel and by key, and goes back to its beginning', async () => {
  const { page } = owner
  await open(owner, `${playedBase}/evidence/kind/user_inventory`)
  const list = page.locator('#population [data-scrolls]')
  const groups = list.locator('tbody')
  const top = () => list.evaluate(element => element.scrollTop)
  await list.scrollIntoViewIfNeeded()
  await list.hover({ position: { x: 200, y: 100 } })
  await expect
    .poll(() => page.mouse.wheel(0, 5_000).then(() => groups.count()), { timeout: 10_000 })
    .toBeGreaterThan(1)
  await list.focus()
  // What the wheel began may still be going on.
  await expect.poll(() => page.keyboard.press('Home').then(top), { timeout: 10_000 }).toBe(0)
  await page.keyboard.press('PageDown')
  await expect.poll(top).toBeGreaterThan(100)
  const paged = await top()
  await page.keyboard.press('End')
  await expect.poll(top).toBeGreaterThan(paged)
})

test('who goes back to a long list is at the row they left, and nothing moved while it came', async () => {
  const { page } = owner
  await watchLayout(page.context())
  await open(owner, `${playedBase}/accounts`)
  const list = page.locator('#accounts [data-scrolls]')
  const top = () => list.evaluate(element => element.scrollTop)
  await list.scrollIntoViewIfNeeded()
  await list.hover({ position: { x: 200, y: 100 } })
  await expect
    .poll(() => page.mouse.wheel(0, 5_000).then(() => list.locator('tbody').count()), { timeout: 10_000 })
    .toBeGreaterThan(2)
  // What the wheel began goes on for a while.
  let before = -1
  const stands = async () => {
    const was = before
    before = await top()
    return before === was
  }
  await expect.poll(stands, { interval: 400, timeout: 10_000 }).toBe(true)
  const { sum, shifts } = await layoutShifts(page)
  expect(sum, shifts.join('\n')).toBeLessThan(0.02)
  const path = await list.evaluate(element => {
    const { top, bottom } = element.getBoundingClientRect()
    const isInSight = (link: Element) => {
      const box = link.getBoundingClientRect()
      return box.top > top + 100 && box.bottom < bottom
    }
    return [...element.querySelectorAll('tbody a[href]')].find(isInSight)?.getAttribute('href')
  })
  const link = list.locator(`a[href="${path}"]`).first()
  await link.focus()
  const name = (await link.textContent()) ?? ''
  const [scrolled, place] = [await top(), await link.boundingBox()]
  expect(scrolled).toBeGreaterThan(2_000)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await page.goBack()
  await list.waitFor()
  await expect.poll(() => page.locator(':focus').textContent(), { timeout: 10_000 }).toBe(name)
  expect(Math.abs((await top()) - scrolled)).toBeLessThan(2)
  const back = await page.locator(':focus').boundingBox()
  expect(Math.abs((back?.y ?? 0) - (place?.y ?? 0))).toBeLessThan(2)
})

describe('with nothing in it yet', () => {
  test.each([
    '',
    '/controls',
    '/evidence',
    '/accounts',
    '/assessments',
    '/audit',
    '/alerts',
    '/settings/integrations',
  ])('%s', async path => {
    await open(owner, `/o/northwind-traders${path}`)
    await isFine(owner)
  })
})

describe('where something is refused', () => {
  test.each([
    [404, '/controls/AC-99'],
    [404, '/nowhere'],
    [400, '?asOf=yesterday'],
  ])('%i at %s', async (status, path) => {
    expect(await open(owner, playedBase + path)).toBe(status)
    await isFine(owner)
  })

  test('403 at what an auditor may not open', async () => {
    expect(await open(auditor, `${playedBase}/settings/alerts`)).toBe(403)
    await isFine(auditor)
  })

  test('503 where the data of a page does not come', async () => {
    const { page } = owner
    await open(owner, `${playedBase}/controls`)
    await page.route(/\.data\b/, route => route.abort())
    await page.getByRole('link', { name: 'Alerts' }).first().click()
    await page.getByRole('heading', { name: 'Back in a moment' }).waitFor()
    await isFine(owner)
    await page.unroute(/\.data\b/)
  })

  test('an address that nobody has', async () => {
    expect(await open(owner, '/no/such/page')).toBe(404)
    await isFine(owner)
  })
})

describe('on a phone, in the dark', () => {
  test('every page of the menu fits its width', async () => {
    const walker = await browser.walker(phone)
    await signIn(walker, 'lead@northwind.example')
    for (const path of [
      '',
      '/controls',
      '/controls/AC-03',
      '/evidence',
      '/audit',
      '/audit/1',
      '/audit/checkpoints',
      '/settings/integrations',
      '/settings/members',
    ]) {
      await walker.page.goto(`${demo.origin}/o/northwind-traders${path}`)
      await walker.page.getByRole('heading', { level: 1 }).waitFor()
      await fine(walker)
    }
    await walker.page.context().close()
  })
})

describe('before the door', () => {
  test.each(['/', '/login', '/register', '/reset', '/verify', '/reset?token=none', '/invite/none'])(
    '%s',
    async path => {
      const stranger = await browser.walker()
      await open(stranger, path)
      await isFineThroughout(stranger)
      await stranger.page.context().close()
    },
  )

  test.each(['/account', '/account/second-factor', '/organizations/new'])('%s, signed in', async path => {
    await open(owner, path)
    await isFineThroughout(owner)
  })
})

async function open({ page }: Walker, path: string): Promise<number> {
  await page.emulateMedia({ colorScheme: 'light' })
  const answer = await page.goto(demo.origin + path)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  return answer?.status() ?? 0
}

/** As it is, and its colours in the dark. */
async function isFine({ page }: Walker) {
  none(await findings(page), page.url())
  await page.emulateMedia({ colorScheme: 'dark' })
  none(await findings(page, 'color-contrast'), `${page.url()} in the dark`)
}

/** By keyboard as it comes; then with everything open that is folded away. */
async function isFineThroughout(walker: Walker) {
  const { page } = walker
  const { missed, unseen } = await keyboardWalk(page)
  none(missed, `${page.url()}: not reached by Tab`)
  none(unseen, `${page.url()}: focus that cannot be seen`)
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('main details.group')) details.setAttribute('open', '')
  })
  await isFine(walker)
}
