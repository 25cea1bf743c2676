import AxeBuilder from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { confirmationLink, type DemoProcess, startDemo, until } from '../../scripts/demo-process.ts'
import { launchBrowser } from '../support/browser.ts'

const email = 'olu@harbour.example'
const password = 'lantern pebble orchard 47'

let demo: DemoProcess
let browser: Browser

beforeAll(async () => {
  ;[demo, browser] = await Promise.all([startDemo({ patience: 150_000 }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

describe('an admin’s first day, on a desktop', () => {
  let page: Page
  const problems: string[] = []
  let base = ''

  beforeAll(async () => {
    page = await newPage({ width: 1360, height: 900 }, 'light')
    page.on('pageerror', error => problems.push(error.message))
    page.on('console', message => {
      if (message.type() === 'error') problems.push(message.text())
    })
  })

  test('registers, confirms the address and signs in', async () => {
    await page.goto(`${demo.origin}/register`)
    await fill(page, { name: 'Olu Admin', email, organizationName: 'Harbour Bakery', password })
    await page.getByRole('button', { name: /create|register/i }).click()
    await page.goto(await until('the confirmation mail', 20_000, () => confirmationLink(demo.mailbox)))
    await page.getByRole('button', { name: /confirm/i }).click()
    await page.waitForURL(/\/login\?done=verified/)
    await fill(page, { email, password })
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(/\/o\/harbour-bakery/)
    base = `${demo.origin}/o/harbour-bakery`
    await accessible(page)
  })

  test('is told by field what is wrong with the form, and loses nothing but the secret', async () => {
    await page.goto(`${base}/settings/integrations/entra`)
    await accessible(page)
    await fill(page, { ...demo.directory, clientSecret: demo.directory.clientId })
    await page.getByRole('button', { name: 'Continue to Microsoft' }).click()
    await page
      .getByText(/looks like the id of a secret/)
      .first()
      .waitFor()
    expect(await page.locator('[name=externalTenantId]').inputValue()).toBe(demo.directory.externalTenantId)
    expect(await page.locator('[name=clientSecret]').inputValue()).toBe('')
  })

  test('declines at the directory and is told what to do', async () => {
    await page.goto(`${base}/settings/integrations/entra`)
    await fill(page, demo.directory)
    await page.getByRole('button', { name: 'Continue to Microsoft' }).click()
    await consent(page, 'Cancel')
    await page.waitForURL(/\/api\/integrations\/entra\/callback/)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.locator('[name=externalTenantId]').inputValue()).toBe(demo.directory.externalTenantId)
    await accessible(page)
  })

  test('connects, and watches the first sync until it is done', async () => {
    await page.goto(`${base}/settings/integrations/entra`)
    await fill(page, demo.directory)
    await page.getByRole('button', { name: 'Continue to Microsoft' }).click()
    await consent(page, 'Accept')
    await page.waitForURL(/\/settings\/integrations\/connections\//)
    // No reload: the page follows the run by itself.
    await page.getByText('Succeeded').first().waitFor({ timeout: 60_000 })
    await accessible(page)
  })

  test('sees coverage with its reasons, and who fails', async () => {
    await page.goto(base)
    await page.getByText('Control coverage').waitFor()
    expect(await page.locator('main').textContent()).toMatch(/\d+(\.\d)?\s*%/)
    await accessible(page)
    await page.getByRole('link', { name: /AC-02/ }).first().click()
    await page.getByRole('heading', { name: /People can give a second factor/ }).waitFor()
    await accessible(page)
    await page.goto(`${base}/evidence`)
    await accessible(page)
    await page.goto(`${base}/evidence/kind/user_inventory?q=a`)
    await page.getByRole('table').first().waitFor()
    await accessible(page)
  })

  test('verifies the whole log, and compares a checkpoint that was kept with it', async () => {
    await page.goto(`${base}/audit/checkpoints`)
    // The first checkpoint is signed about a minute after the organization began.
    const checkpoint = page.locator('section[aria-label="checkpoint"] pre').first()
    await checkpoint.waitFor({ timeout: 120_000 })
    const note = (await checkpoint.textContent()) ?? ''
    await accessible(page)
    await page.getByRole('button', { name: 'Verify now' }).click()
    await page.getByText(/^All \d+ events hold$/).waitFor({ timeout: 60_000 })
    await page.locator('[name=note]').fill(note)
    await page.getByRole('button', { name: 'Compare with the log now' }).click()
    await page.getByText('The log continues this checkpoint').waitFor()
    await accessible(page)
    await page.locator('[name=note]').fill(note.replace(/^\d+$/m, '1'))
    await page.getByRole('button', { name: 'Compare with the log now' }).click()
    await page.getByText('This checkpoint was altered').waitFor()
    await page.goto(`${base}/audit/1`)
    await page.getByRole('link', { name: 'Proof as a file' }).waitFor()
    await accessible(page)
  }, 240_000)

  test('looks back to before the connection, and comes back', async () => {
    await page.goto(`${base}/audit`)
    await accessible(page)
    await page.goto(`${base}?asOf=1`)
    await page.getByText(/As it was on/).waitFor()
    expect(await page.locator('main').textContent()).not.toMatch(/66\.7/)
    await accessible(page)
    await page.getByRole('link', { name: 'Back to now' }).click()
    await page.getByText('Control coverage').waitFor()
    expect(page.url()).not.toContain('asOf')
  })

  test('revokes: the credential is gone, coverage falls, the history stays', async () => {
    await page.goto(`${base}/settings/integrations`)
    await page
      .getByRole('link', { name: /contoso|8f2c1a4e/i })
      .first()
      .click()
    await page.getByText('Revoke this connection').click()
    const word = (await page.locator('form:has([name=confirmation]) code').first().textContent()) ?? ''
    await page.locator('[name=confirmation]').fill(word)
    await page.getByRole('button', { name: /Revoke and destroy/ }).click()
    await page.getByText('Revoked').first().waitFor()
    await page.goto(base)
    expect(await page.locator('main').textContent()).toMatch(/Control coverage\s*0\s*%/)
    await page.goto(`${base}/audit`)
    await page
      .getByText(/revoked/i)
      .first()
      .waitFor()
  })

  test('meets no error in the browser on the way', () => {
    expect(problems.filter(text => !text.includes('400 (Bad Request)'))).toEqual([])
  })
})

describe('a compliance lead on a phone, in the dark', () => {
  test('signs in and reaches every page of the menu without sideways scrolling', async () => {
    const page = await newPage({ width: 390, height: 844 }, 'dark')
    await page.goto(`${demo.origin}/login`)
    await fill(page, { email: 'lead@northwind.example', password: demo.password })
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(/\/o\//)
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
      await page.goto(`${demo.origin}/o/northwind-traders${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(overflow, `${path} scrolls sideways`).toBeLessThanOrEqual(0)
      await accessible(page)
    }
    await page.context().close()
  })
})

async function newPage(
  viewport: { width: number; height: number },
  colorScheme: 'light' | 'dark',
): Promise<Page> {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' })
  context.setDefaultTimeout(20_000)
  return context.newPage()
}

async function fill(page: Page, fields: Record<string, string>) {
  for (const [name, value] of Object.entries(fields)) await page.locator(`[name=${name}]`).first().fill(value)
}

/** The stand-in's two pages: pick the account, then decide. */
async function consent(page: Page, decision: 'Accept' | 'Cancel') {
  await page.locator('button[name=account][value=security-reader]').click()
  await page.getByRole('button', { name: decision }).click()
}

/** Nothing that axe finds by the rules of WCAG 2.2 AA. */
async function accessible(page: Page) {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html.slice(0, 160)).join(' | ')}`),
    page.url(),
  ).toEqual([])
}
