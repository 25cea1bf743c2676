import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Archive } from '../support/archive.ts'
import { runToEnd } from '../support/verifier-bundle.ts'
import {
  dayFromNow,
  demo,
  fill,
  fine,
  linkInMail,
  looks,
  newTag,
  none,
  playedBase,
  press,
  sees,
  signIn,
  useBrowser,
  type Walker,
} from '../support/walk.ts'

/* An auditor from outside: invited for a period, who trusts nobody and takes the proofs along. */

const browser = useBrowser()
const folder = mkdtempSync(join(tmpdir(), 'attestry-walk-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(looks)('an auditor $name', look => {
  const tag = newTag(look)
  const email = `mei-${tag}@audit.example`
  const password = 'granite sparrow harvest 58'
  let owner: Walker
  let auditor: Walker
  const goto = (walker: Walker, path: string) => walker.page.goto(demo.origin + playedBase + path)

  beforeAll(async () => {
    owner = await browser.walker(look)
    auditor = await browser.walker(look)
    await signIn(owner, 'admin@northwind.example')
  })
  afterAll(() => Promise.all([owner, auditor].map(walker => walker?.page.context().close())))

  test('is invited for a period, and joins by the link of the mail', async () => {
    await goto(owner, '/settings/members')
    const form = owner.page.locator('#invite')
    await fill(form, {
      email,
      role: 'auditor',
      periodFrom: dayFromNow(-40),
      periodTo: dayFromNow(30),
      expiresAt: dayFromNow(60),
    })
    await press(form, 'Send the invitation')
    await sees(owner, 'The invitation is on its way.')
    const { page } = auditor
    await page.goto(await linkInMail(email, /\/invite\//))
    await fine(auditor)
    await fill(page, { name: 'Mei Auditor', password })
    await press(page, 'Accept the invitation')
    await page.waitForURL(/\/o\/|\/login/)
    if (page.url().includes('/login')) await signIn(auditor, email, password)
    await goto(auditor, '')
    await sees(auditor, 'Control coverage')
    await fine(auditor)
  })

  test('sees any moment within three clicks', async () => {
    const { page } = auditor
    await page.locator('main summary', { hasText: 'Look back' }).click()
    await fine(auditor)
    const instant = page.locator('main form:has(input[type=datetime-local])').first()
    await instant.locator('[name=asOf]').fill(`${dayFromNow(-2)}T09:30`)
    await press(instant, 'Go there')
    await sees(auditor, /As it was on/)
    expect(page.url()).toContain(`asOf=${dayFromNow(-2)}`)
    await fine(auditor)
  })

  test('searches a population', async () => {
    const { page } = auditor
    await goto(auditor, '/evidence/kind/user_inventory')
    await page.getByRole('searchbox').first().fill('a')
    await page.getByRole('searchbox').first().press('Enter')
    await page.waitForURL(/search=a/)
    await page.getByRole('table').first().waitFor()
    await fine(auditor)
  })

  test('draws a sample that anybody can draw again', async () => {
    const { page } = auditor
    await goto(auditor, '/assessments')
    await page.getByRole('link', { name: 'SOC 2, first part of the history' }).first().click()
    await page.waitForURL(/\/assessments\/[\w-]+/)
    await fine(auditor)
    await fill(page.locator('#samples'), { size: '5', seed: `walk-${tag}` })
    await press(page.locator('#samples'), 'Draw a sample')
    await page.waitForURL(/\/samples\/[\w-]+|done=/)
    await sees(auditor, `walk-${tag}`)
    await fine(auditor)
  })

  test('reads an event with its proof, and takes it along', async () => {
    const { page } = auditor
    await goto(auditor, '/audit')
    await fine(auditor)
    await goto(auditor, '/audit/12')
    await page.getByRole('link', { name: 'Proof as a file' }).waitFor()
    await fine(auditor)
    const saved = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Proof as a file' }).click()
    expect((await saved).suggestedFilename()).toMatch(/-12\.tlog-proof$/)
  })

  test('compares two moments', async () => {
    const { page } = auditor
    await goto(auditor, '/audit/compare')
    await page.locator('[name=against]').fill(`${dayFromNow(-3)}T12:00`)
    await press(page, 'Compare')
    await page.waitForURL(/against=/)
    await fine(auditor)
  })

  test('exports, downloads, and verifies offline with the verifier in the archive', async () => {
    const { page } = auditor
    await goto(auditor, '/audit/exports')
    await fill(page.locator('#request'), { from: `${dayFromNow(-2)}T00:00` })
    await press(page, 'Export the period')
    await page.waitForURL(/\/audit\/exports\/[\w-]+/)
    await sees(auditor, /^Download/, 90_000)
    await fine(auditor)
    const saved = page.waitForEvent('download')
    await page.getByRole('link', { name: /^Download/ }).click()
    const download = await saved
    const file = join(folder, download.suggestedFilename())
    await download.saveAs(file)
    const archive = new Archive(readFileSync(file))
    const verifier = join(folder, `verify-${tag}.mjs`)
    writeFileSync(verifier, archive.file('verify.mjs'))
    const { code, stdout, stderr } = await runToEnd(process.execPath, [verifier, file])
    expect(stderr).toBe('')
    expect(stdout).toMatch(/holds|verified/i)
    expect(code).toBe(0)
  })

  test('meets no error in the browser on the way', () => {
    none([...owner.problems, ...auditor.problems], playedBase)
  })
})
