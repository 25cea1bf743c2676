import { randomBytes } from 'node:crypto'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject } from 'vitest'
import { until } from '../../scripts/demo-process.ts'
import { launchBrowser } from './browser.ts'

export const demo = inject('demo')

/** The organization with a past: what was played is of five days. */
export const playedBase = '/o/northwind-traders-5-days'

/** A way to look at the product. */
export interface Look {
  name: string
  width: number
  colorScheme: 'light' | 'dark'
  hasScripts: boolean
}

const desktop: Look = { name: 'on a desktop', width: 1360, colorScheme: 'light', hasScripts: true }

export const phone: Look = {
  name: 'on a phone, in the dark',
  width: 390,
  colorScheme: 'dark',
  hasScripts: true,
}

const bare: Look = { name: 'without JavaScript', width: 1360, colorScheme: 'light', hasScripts: false }

/** The looks that each person's day is walked in. */
export const looks: readonly Look[] = [desktop, phone, bare]

/** Tells what a look's walker makes from what others make beside it. */
export const newTag = ({ width, hasScripts }: Look): string =>
  `${width}${hasScripts ? '' : '-bare'}-${randomBytes(2).toString('hex')}`

/** A page of somebody's browser, and what went wrong in it. */
export interface Walker {
  page: Page
  look: Look
  problems: string[]
}

/** One browser for the tests of a file; each walker has cookies of its own. */
export function useBrowser(): { walker(look?: Look): Promise<Walker> } {
  let browser: Browser | undefined
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())
  return {
    async walker(look = desktop) {
      if (!browser) throw new Error('no browser yet')
      const { width, colorScheme, hasScripts } = look
      const context = await browser.newContext({
        viewport: { width, height: width < 640 ? 844 : 900 },
        colorScheme,
        javaScriptEnabled: hasScripts,
        reducedMotion: 'reduce',
        acceptDownloads: true,
      })
      context.setDefaultTimeout(30_000)
      const page = await context.newPage()
      const problems: string[] = []
      page.on('pageerror', error => problems.push(`${error.message} (on ${page.url()})`))
      page.on('console', message => {
        // A form that was refused answers 4xx, which the browser calls an error.
        if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
          problems.push(`${message.text()} (of ${message.location().url}, on ${page.url()})`)
      })
      return { page, look, problems }
    },
  }
}

/** Signs in; one of the demo's people unless a password is given. */
export async function signIn({ page }: Walker, email: string, password = demo.password) {
  await page.goto(`${demo.origin}/login`)
  await fill(page, { email, password })
  await press(page, 'Sign in')
  await page.waitForURL(/\/o\//)
}

export async function fill(scope: Page | Locator, fields: Record<string, string>) {
  for (const [name, value] of Object.entries(fields)) {
    const field = scope.locator(`[name="${name}"]:visible`).first()
    if ((await field.evaluate(element => element.tagName)) === 'SELECT') await field.selectOption(value)
    else await field.fill(value)
  }
}

/** Presses the first button of a name that can be seen. */
export const press = (scope: Page | Locator, name: string | RegExp) =>
  scope.getByRole('button', { name }).first().click()

/** Opens what is folded away. */
export async function unfold(scope: Page | Locator, summary: string | RegExp) {
  const page = 'page' in scope ? scope.page() : scope
  const details = scope.locator('details', { has: page.locator('summary', { hasText: summary }) }).last()
  if ((await details.getAttribute('open')) === null) await details.locator('summary').first().click()
}

/** Waits for words to be seen; without scripts the page is loaded again until they are. */
export async function sees({ page, look }: Walker, words: string | RegExp, patience = 60_000) {
  const shown = page.getByText(words).locator('visible=true').first()
  if (look.hasScripts) return shown.waitFor({ timeout: patience })
  await until(`“${words}” on ${page.url()}`, patience, async () => {
    if (await shown.isVisible()) return true
    await page.reload()
    return shown.isVisible()
  })
}

/** The stand-in's two pages: pick the account, then decide. */
export async function consent(page: Page, decision: 'Accept' | 'Cancel') {
  await page.locator('button[name=account][value=security-reader]').click()
  await press(page, decision)
}

/** The link of the newest mail to an address that has one of this form. */
export const linkInMail = (to: string, form: RegExp): Promise<string> =>
  until(`a mail to ${to}`, 30_000, async () => {
    const list = await fetch(demo.mailbox).then(answer => answer.text())
    for (const [, path = '', row = ''] of list.matchAll(/<a href="(\/mails\/\d+)">([\s\S]*?)<\/a>/g)) {
      if (!row.includes(to)) continue
      const text = await fetch(new URL(path, demo.mailbox)).then(answer => answer.text())
      const link = [...text.matchAll(/https?:\/\/[^\s"<>]+/g)].find(([url]) => form.test(url))
      if (link) return link[0].replaceAll('&amp;', '&')
    }
    return null
  })

/** A day of UTC, as forms send it, so many days from today. */
export const dayFromNow = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/**
 * Nothing that axe finds by the rules of WCAG 2.2 AA, targets of 24 pixels included, and no scrolling sideways. Pages
 * without scripts are the same pages: those are left out.
 */
export async function fine({ page, look }: Walker) {
  if (!look.hasScripts) return
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(overflow, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0)
  none(await findings(page), page.url())
}

/** Fails with the list where it is not empty. */
export const none = (list: readonly string[], where: string) =>
  expect(list, [where, ...list].join('\n')).toEqual([])

/**
 * What axe finds on a page as it is shown, or by one rule alone. What it finds is looked for again: for a moment a page
 * is half replaced by the next, or a line over its foot says that a connection came back.
 */
export async function findings(page: Page, rule?: string): Promise<string[]> {
  for (let look = 1; ; look += 1) {
    const found = await foundAtOnce(page, rule)
    if (found.length === 0 || look === 3) return found
    await page.waitForTimeout(2000)
  }
}

async function foundAtOnce(page: Page, rule?: string): Promise<string[]> {
  await page.evaluate(layOutWhole)
  const axe = new AxeBuilder({ page })
  const { violations } = await (rule
    ? axe.withRules([rule])
    : axe
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
        .options({ runOnly: { type: 'tag', values: TAGS }, rules: { 'target-size': { enabled: true } } })
  ).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html.slice(0, 160)).join(' | ')}`)
}

/** Axe takes what is not laid out yet, or is scrolled beneath a head that stays, for too small and without contrast. */
async function layOutWhole(): Promise<void> {
  for (const element of document.querySelectorAll<HTMLElement>('*')) {
    if (element.scrollTop > 0) element.scrollTop = 0
    if (getComputedStyle(element).contentVisibility === 'auto') element.style.contentVisibility = 'visible'
  }
  await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
