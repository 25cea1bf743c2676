import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  dayFromNow,
  demo,
  fill,
  fine,
  looks,
  newTag,
  none,
  playedBase,
  press,
  sees,
  signIn,
  unfold,
  useBrowser,
  type Walker,
} from '../support/walk.ts'

/* A compliance lead's day in an organization with a past, and the second person whom decisions need. */

const browser = useBrowser()

describe.each(looks)('a compliance lead $name', look => {
  const tag = newTag(look)
  let lead: Walker
  let admin: Walker
  let control = ''
  let assessment = ''
  const goto = (walker: Walker, path: string) => walker.page.goto(demo.origin + playedBase + path)

  beforeAll(async () => {
    lead = await browser.walker(look)
    admin = await browser.walker(look)
    await signIn(lead, 'lead@northwind.example')
    await signIn(admin, 'admin@northwind.example')
  })
  afterAll(() => Promise.all([lead, admin].map(walker => walker?.page.context().close())))

  test('sees what is wrong, and goes from the overview to who fails', async () => {
    await goto(lead, '')
    await sees(lead, 'Control coverage')
    expect(await lead.page.locator('main').textContent()).toMatch(/\d+(\.\d)?\s*%/)
    await fine(lead)
    await lead.page.locator('main').getByRole('link', { name: /AC-02/ }).first().click()
    await lead.page.getByRole('heading', { level: 1, name: /second factor/ }).waitFor()
    await fine(lead)
  })

  test('asks for an exception for one of them', async () => {
    const { page } = lead
    await page.getByRole('link', { name: 'Ask for an exception' }).first().click()
    await page.waitForURL(/except=/)
    control = new URL(page.url()).pathname
    const form = page.locator('#request')
    await form.locator('[name=ownerId]').selectOption({ label: 'Jonas Lindqvist' })
    await fill(form, { reason: `Waits for a key, ${tag}.`, expiresOn: dayFromNow(20) })
    await press(form, 'Ask for the exception')
    await sees(lead, /The exception is asked for/)
    await fine(lead)
  })

  test('and another person approves it', async () => {
    const { page } = admin
    await page.goto(demo.origin + control)
    const row = page.locator('#exceptions tr', { hasText: tag })
    await unfold(row, 'Decide')
    await fill(row, { reason: 'Seen, and right.' })
    await press(row, 'Approve')
    await sees(admin, /The exception is approved/)
    expect(await page.locator('#exceptions tr', { hasText: tag }).textContent()).toContain('In force')
  })

  test('settles a risky sign-in, or corrects what was said of one where none waits', async () => {
    const { page } = lead
    await goto(lead, '/controls/AC-15')
    await fine(lead)
    const summary = page.locator('summary', { hasText: /^(Settle|Correct)$/ })
    const row = page.locator('#reviews tr', { has: summary }).first()
    await unfold(row, /^(Settle|Correct)$/)
    await fill(row, { outcome: 'benign', reason: `A journey that was announced, ${tag}.` })
    await press(row, /^(Settle this sign-in|Correct what was said)$/)
    await sees(lead, tag)
    await fine(lead)
  })

  test('opens an assessment of the days that are over, and attaches what was in force', async () => {
    const { page } = lead
    await goto(lead, '/assessments')
    const form = page.locator('#open')
    await fill(form, { name: `Walked ${tag}`, periodFrom: dayFromNow(-3), periodTo: dayFromNow(-1) })
    await press(form, 'Open the assessment')
    await page.waitForURL(/\/assessments\/[\w-]+/)
    assessment = new URL(page.url()).pathname
    await fine(lead)
    await fill(page.locator('#attach'), { instant: `${dayFromNow(-1)}T12:00` })
    await press(page.locator('#attach'), 'Attach what was current')
    await press(page.locator('#decide'), 'Submit for approval')
    await sees(lead, /You submitted this assessment/)
    await fine(lead)
  })

  test('which another person approves and seals, behind its typed name', async () => {
    const { page } = admin
    await page.goto(demo.origin + assessment)
    const decide = page.locator('#decide')
    await unfold(decide, 'Approve and seal')
    await fine(admin)
    await fill(decide, { confirmation: `Walked ${tag}` })
    await press(decide, 'Approve and seal for good')
    await sees(admin, /^Approved$/)
    await fine(admin)
  })

  test('reads which alerts are open and which are past', async () => {
    await goto(lead, '/alerts')
    await lead.page.getByRole('heading', { level: 1, name: 'Alerts' }).waitFor()
    await fine(lead)
  })

  test('verifies the whole log, and compares a checkpoint that was kept with it', async () => {
    const { page } = lead
    await goto(lead, '/audit/checkpoints')
    const note = (await page.locator('section[aria-label="checkpoint"] pre').first().textContent()) ?? ''
    await fine(lead)
    await press(page, 'Verify now')
    await sees(lead, /^All [\d,]+ events hold$/)
    await page.locator('[name=note]').fill(note)
    await press(page, 'Compare with the log now')
    await sees(lead, 'The log continues this checkpoint')
    await page.locator('[name=note]').fill(note.replace(/^\d+$/m, '1'))
    await press(page, 'Compare with the log now')
    await sees(lead, 'This checkpoint was altered')
    await fine(lead)
  })

  test('meets no error in the browser on the way', () => {
    none([...lead.problems, ...admin.problems], playedBase)
  })
})
