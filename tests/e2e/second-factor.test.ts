import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DemoProcess, startDemo } from '../../scripts/demo-process.ts'
import { totp } from '../support/authenticator.ts'
import { launchBrowser } from '../support/browser.ts'
import { findings, none } from '../support/walk.ts'

let state: string
let demo: DemoProcess
let browser: Browser

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'attestry-demo-'))
  ;[demo, browser] = await Promise.all([startDemo({ patience: 150_000, state }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
  await rm(state, { recursive: true, force: true })
})

const email = 'lead@northwind.example'

test('a passkey is made, signs in by itself, and is removed', async () => {
  const page = await newPage()
  const problems: string[] = []
  page.on('pageerror', error => problems.push(error.message))
  await withAuthenticator(page)
  await signIn(page)
  await page.goto(`${demo.origin}/account/second-factor`)
  await page.getByLabel('Name of a new passkey').fill('Test phone')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('The passkey is kept').waitFor()
  await accessible(page)

  await signOut(page)
  await accessible(page)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.waitForURL(/\/o\//)

  await page.goto(`${demo.origin}/account/second-factor`)
  await page.getByText(/last used/).waitFor()
  await page.getByText('Remove Test phone', { exact: true }).click()
  await accessible(page)
  await page.locator('[name=confirmation]').fill('Test phone')
  await page.getByRole('button', { name: 'Remove Test phone for good' }).click()
  await page.getByText('The passkey is forgotten here').waitFor()
  expect(problems).toEqual([])
  await page.context().close()
})

test('a passkey that is not there is told in words', async () => {
  const page = await newPage()
  await withAuthenticator(page)
  await page.goto(`${demo.origin}/login`)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByText('The passkey was not used').waitFor()
  await page.context().close()
})

test('an authenticator app is set up and used without JavaScript, on a phone', async () => {
  const page = await newPage({ javaScriptEnabled: false })
  await signIn(page)
  await page.goto(`${demo.origin}/account/second-factor`)
  await page.locator('[name=password]').fill(demo.password)
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  const key = (await page.locator('code').first().textContent()) ?? ''
  await page.getByRole('img', { name: /QR code/ }).waitFor()
  await page.locator('[name=code]').fill(totp(key))
  await page.getByRole('button', { name: 'Turn it on' }).click()
  await page.getByText('This is the only time that they are shown').waitFor()
  const [backupCode = ''] = ((await page.locator('pre').textContent()) ?? '').split('\n')

  await signOut(page)
  await enter(page)
  await page.waitForURL(/\/login\/code/)
  await page.locator('[name=code]').fill('000000')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('This code is not right').waitFor()
  await page.locator('[name=code]').fill(totp(key, 1))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(/\/o\//)

  await signOut(page)
  await enter(page)
  await page.locator('[name=code]').fill(backupCode)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(/\/o\//)
  await page.goto(`${demo.origin}/account/second-factor`)
  await page.getByText('9 backup codes are left').waitFor()
  await page.getByText('Turn it off').first().click()
  await page.locator('#field-password-off').fill(demo.password)
  await page.getByRole('button', { name: 'Turn it off' }).click()
  await page.getByText('The authenticator app is off').waitFor()
  await page.context().close()
})

test('every state of the authenticator app is accessible, and so is a page whose database went away', async () => {
  const page = await newPage()
  await signIn(page)
  await page.goto(`${demo.origin}/account/second-factor`)
  await accessible(page)
  await page.locator('[name=password]').fill(demo.password)
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await page.getByRole('img', { name: /QR code/ }).waitFor()
  await accessible(page)
  const key = (await page.locator('code').first().textContent()) ?? ''
  await page.locator('[name=code]').fill('000000')
  await page.getByRole('button', { name: 'Turn it on' }).click()
  await page.getByText('This code is not right').waitFor()
  await accessible(page)
  await page.locator('[name=code]').fill(totp(key))
  await page.getByRole('button', { name: 'Turn it on' }).click()
  await page.getByText('This is the only time that they are shown').waitFor()
  await accessible(page)

  await signOut(page)
  await enter(page)
  await page.waitForURL(/\/login\/code/)
  await accessible(page)
  await page.locator('[name=code]').fill('000000')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('This code is not right').waitFor()
  await accessible(page)

  await endDatabase()
  await page.goto(`${demo.origin}/login/code`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await accessible(page)
  await page.context().close()
})

/** Ends the demo's PostgreSQL as a crash does. */
async function endDatabase() {
  const [pid] = (await readFile(join(state, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n')
  process.kill(Number(pid), 'SIGQUIT')
}

async function newPage({ javaScriptEnabled = true } = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    reducedMotion: 'reduce',
    javaScriptEnabled,
  })
  context.setDefaultTimeout(20_000)
  return context.newPage()
}

/** An authenticator of the browser's own, which asks who is there and is always told. */
async function withAuthenticator(page: Page) {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

async function signIn(page: Page) {
  await enter(page)
  await page.waitForURL(/\/o\//)
}

async function enter(page: Page) {
  await page.goto(`${demo.origin}/login`)
  await page.locator('[name=email]').fill(email)
  await page.locator('[name=password]').fill(demo.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

async function signOut(page: Page) {
  await page.goto(`${demo.origin}/account`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(/\/login/)
}

async function accessible(page: Page) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(overflow).toBeLessThanOrEqual(0)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    none(await findings(page), `${page.url()}, ${colorScheme}`)
  }
}
