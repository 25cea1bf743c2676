import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keyboardWalk } from '../support/keyboard.ts'
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

/* Pages with all that folds away open, light and dark, by the rules of WCAG 2.2 AA, and by keyboard alone. */

const browser = useBrowser()
let owner: Walker

beforeAll(async () => {
  owner = await browser.walker()
  await signIn(owner, 'admin@northwind.example')
})
afterAll(() => owner?.page.context().close())

const PAGES = [
  '/controls',
  '/controls/AC-12',
  '/controls/AC-15',
  '/evidence',
  '/evidence/kind/user_inventory',
  '/accounts',
  '/assessments',
  '/audit',
]

describe('with a past', () => {
  test.each(PAGES)('%s: content, opened, in the dark, and by keyboard', async path => {
    expect(await open(owner, playedBase + path)).toBe(200)
    await isFineThroughout(owner)
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
