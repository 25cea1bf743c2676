import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  consent,
  dayFromNow,
  demo,
  fill,
  fine,
  linkInMail,
  looks,
  newTag,
  none,
  press,
  sees,
  unfold,
  useBrowser,
  type Walker,
} from '../support/walk.ts'

/* An admin's first days: from the registration to the end of the connection, in an organization of each look. */

const browser = useBrowser()
const password = 'lantern pebble orchard 47'

describe.each(looks)('an admin $name', look => {
  const tag = newTag(look)
  const email = `olu-${tag}@harbour.example`
  const colleague = `kofi-${tag}@harbour.example`
  let walker: Walker
  let base = ''
  let connection = ''
  const goto = (path: string) => walker.page.goto(base + path)

  beforeAll(async () => {
    walker = await browser.walker(look)
  })
  afterAll(() => walker?.page.context().close())

  test('registers, confirms the address and signs in', async () => {
    const { page } = walker
    await page.goto(`${demo.origin}/register`)
    await fine(walker)
    await fill(page, { name: 'Olu Admin', email, organizationName: `Harbour Bakery ${tag}`, password })
    await press(page, 'Register')
    await page.goto(await linkInMail(email, /\/verify\?token=/))
    await press(page, 'Confirm the address')
    await page.waitForURL(/\/login\?done=verified/)
    await fill(page, { email, password })
    await press(page, 'Sign in')
    await page.waitForURL(/\/o\/harbour-bakery/)
    base = page.url().replace(/[?#].*/, '')
    await fine(walker)
  })

  test('is told by field what is wrong with the form, and loses nothing but the secret', async () => {
    const { page } = walker
    await goto('/settings/integrations/entra')
    await fine(walker)
    await fill(page, { ...demo.directory, clientSecret: demo.directory.clientId })
    await press(page, 'Continue to Microsoft')
    await sees(walker, /looks like the id of a secret/)
    expect(await page.locator('[name=externalTenantId]').inputValue()).toBe(demo.directory.externalTenantId)
    expect(await page.locator('[name=clientSecret]').inputValue()).toBe('')
    await fine(walker)
  })

  test('declines at the directory and is told what to do', async () => {
    const { page } = walker
    await fill(page, demo.directory)
    await press(page, 'Continue to Microsoft')
    await consent(page, 'Cancel')
    await page.waitForURL(/\/api\/integrations\/entra\/callback/)
    expect(await page.locator('[name=externalTenantId]').inputValue()).toBe(demo.directory.externalTenantId)
    await fine(walker)
  })

  test('connects, and sees the first sync through', async () => {
    const { page } = walker
    await goto('/settings/integrations/entra')
    await fill(page, demo.directory)
    await press(page, 'Continue to Microsoft')
    await consent(page, 'Accept')
    await page.waitForURL(/\/settings\/integrations\/connections\//)
    connection = new URL(page.url()).pathname
    // With scripts nothing is loaded again: the page follows the runs by itself. The daily run may end before the hourly one.
    await sees(walker, /^Succeeded$/)
    await sees(walker, /Users: \d+/)
    await fine(walker)
  })

  test('declares the emergency account, with an owner, a reason and a last day', async () => {
    const { page } = walker
    await goto('/accounts?search=breakglass')
    await page.locator('main a[href*="/accounts/"]').first().click()
    await page.waitForURL(/\/accounts\/[\w-]+/)
    const form = page.locator('#declare')
    await unfold(form, /Open the form|Declare it anew/)
    await form.locator('[name=ownerId]').selectOption({ label: 'Olu Admin' })
    await fill(form, {
      class: 'emergency',
      reason: 'Break-glass account; its key lies in the safe.',
      expiresOn: dayFromNow(90),
    })
    await press(form, 'Declare')
    await sees(walker, /The class is declared/)
    await fine(walker)
  })

  test('invites a colleague, who joins by the link of the mail', async () => {
    const { page } = walker
    await goto('/settings/members')
    const form = page.locator('#invite')
    await fill(form, { email: colleague, role: 'compliance_lead' })
    await press(form, 'Send the invitation')
    await sees(walker, 'The invitation is on its way.')
    await fine(walker)
    const other = await browser.walker(look)
    await other.page.goto(await linkInMail(colleague, /\/invite\//))
    await fine(other)
    await fill(other.page, { name: 'Kofi Lead', password: 'meadow copper violin 93' })
    await press(other.page, 'Accept the invitation')
    await other.page.waitForURL(/\/o\/harbour-bakery|\/login/)
    await other.page.context().close()
    await page.reload()
    await sees(walker, 'Kofi Lead')
  })

  test('has alerts sent by mail, and a test delivered', async () => {
    const { page } = walker
    await goto('/settings/alerts')
    const mail = page.locator('#mail')
    for (const box of await mail.getByRole('checkbox').all()) await box.check()
    await press(mail, 'Save my choice')
    await sees(walker, 'Your choice is saved.')
    await press(mail, 'Send me a test')
    await sees(walker, /The test was sent/)
    await sees(walker, /^Delivered$/)
    await fine(walker)
  })

  test('sets a threshold, and takes a control out of scope and into it again', async () => {
    const { page } = walker
    await goto('/settings/organization')
    const value = page.locator('#thresholds [name=value]').first()
    const now = Number(await value.inputValue())
    await value.fill(String(now - 1))
    await press(page.locator('#thresholds'), 'Set')
    await sees(walker, /The threshold is set/)
    for (const step of ['Take out of scope', 'Take into scope']) {
      const row = page.locator('#control-scope tr', { hasText: 'AC-05' })
      await unfold(row, step)
      await fill(row, { reason: 'Looked at, and decided.' })
      await press(row, step)
      await sees(walker, /The scope is changed/)
      await goto('/settings/organization')
    }
    await fine(walker)
  })

  test('keeps what was read for longer, and reads what a deletion would do', async () => {
    const { page } = walker
    await goto('/settings/organization/data')
    const retention = page.locator('#retention')
    const years = Number(await retention.locator('[name=retention]').inputValue())
    await fill(retention, { retention: String(years + 1) })
    await press(retention, 'See what it changes')
    await fill(retention, { reason: 'Our auditor asks for it.' })
    await press(retention, new RegExp(`Keep for ${years + 1} years`))
    await sees(walker, /The retention window is changed/)
    await unfold(page.locator('#deletion'), 'Delete this organization')
    await sees(walker, /^Stays$/)
    await fine(walker)
  })

  test('authorizes again, and the connection goes on', async () => {
    const { page } = walker
    await page.goto(demo.origin + connection)
    await press(page, 'Authorize again')
    await consent(page, 'Accept')
    await page.waitForURL(/done=reauthorized/)
    await sees(walker, /Authorized again/)
  })

  test('looks back to before the connection, and comes back', async () => {
    const { page } = walker
    await goto('?asOf=1')
    await sees(walker, /As it was on/)
    await fine(walker)
    await page.getByRole('link', { name: 'Back to now' }).click()
    await sees(walker, 'Control coverage')
    expect(page.url()).not.toContain('asOf')
  })

  test('revokes behind a typed word: the credential is gone, coverage falls, the history stays', async () => {
    const { page } = walker
    await page.goto(demo.origin + connection)
    const revoke = page.locator('#revoke')
    await unfold(revoke, 'Revoke this connection')
    const word = (await revoke.locator('form code').first().textContent()) ?? ''
    await fill(revoke, { confirmation: word })
    await press(revoke, /Revoke and destroy/)
    await sees(walker, /^Revoked$/)
    await fine(walker)
    await goto('')
    expect(await page.locator('main').textContent()).toMatch(/Control coverage\s*0\s*%/)
    await goto('/audit')
    await sees(walker, /revoked/i)
  })

  test('meets no error in the browser on the way', () => {
    none(walker.problems, base)
  })
})
