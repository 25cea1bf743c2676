import { readFileSync } from 'node:fs'
import postgres from 'postgres'
import { afterAll, describe, expect, test } from 'vitest'
import { attachedAssessment, sampledAssessment } from '../support/assessment.ts'
import { softAuthenticator } from '../support/authenticator.ts'
import { callerOf, newMember, ownerCaller, rejoin } from '../support/caller.ts'
import { createRowCount } from '../support/crawl.ts'
import { type Control, type PostedForm, postedForms, postForm } from '../support/forms.ts'
import { openPage, servePages } from '../support/pages.ts'
import { newPerson, openBrowser } from '../support/people.ts'
import { connectedScene, syncNow, useScene } from '../support/seed.ts'
import { appOrigin } from '../support/services.ts'

/* Every form of the product, posted as a browser without scripts posts it: empty, then half filled in. */

const scene = await useScene({ size: 12 })
const { services, slug: organization, clock } = scene
const base = `/o/${organization}`
const admin = postgres(scene.db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())
const origin = await servePages(services)
const connectionId = await connectedScene(scene)
await syncNow(scene, connectionId)
const submitted = await attachedAssessment({ ...scene, connectionId })
await submitted.lead.assessments.submit({ organization, assessmentId: submitted.assessmentId })
await syncNow(scene, connectionId)
await syncNow(scene, connectionId, 'daily')
const { assessmentId } = await sampledAssessment(scene)
const owner = await newPerson(services, 'Some Owner')
await rejoin(scene, owner.id, 'owner', { from: new Date(0), to: clock.now() })
const lead = await newMember(scene, 'compliance_lead')
const { accounts } = await ownerCaller(scene).accounts.list({ organization })
const subject = accounts[0]?.subjectKey ?? ''
await callerOf(services, lead).exceptions.request({
  organization,
  controlId: 'AC-02',
  subjectKind: 'account',
  subjectId: subject,
  reason: 'A terminal without a telephone.',
  ownerId: lead.id,
  expiresOn: new Date(clock.now().getTime() + 30 * 86_400_000).toISOString().slice(0, 10),
})

await ownerCaller(scene).webhooks.add({ organization, label: 'Pager', url: 'http://127.0.0.1:9/pager' })
await owner.browser.call(async ({ passkeys }) => {
  const { options } = await passkeys.registerOptions({})
  const authenticator = softAuthenticator({ rpId: new URL(appOrigin).hostname, origin: appOrigin })
  await passkeys.register({ name: 'Laptop', credential: authenticator.register(options.challenge) })
})

const PAGES = [
  '/account',
  '/organizations/new',
  ...[
    '/controls/AC-02',
    '/controls/AC-10',
    '/controls/AC-12',
    '/controls/AC-14',
    `/accounts/${subject}`,
    '/assessments',
    `/assessments/${assessmentId}`,
    `/assessments/${submitted.assessmentId}`,
    '/audit/checkpoints',
    '/audit/exports',
    '/settings/alerts',
    '/settings/integrations/entra',
    `/settings/integrations/connections/${connectionId}`,
    '/settings/members',
    '/settings/organization',
    '/settings/organization/data?retention=5',
    '/settings/organization/data?retention=9',
    `/settings/organization/data?person=${subject}`,
  ].map(path => base + path),
]

describe.each([
  [
    'somebody who is not signed in',
    ['/register', '/login', '/reset', '/reset?token=none'],
    openBrowser(services),
  ],
  ['an owner', PAGES, owner.browser],
])('what %s posts', async (_, paths, browser) => {
  const forms = new Map<string, { path: string; form: PostedForm }>()
  for (const path of paths) {
    const page = await openPage(origin, browser, path)
    expect(page.status, path).toBe(200)
    for (const form of postedForms(page)) {
      const name = `${form.action.split('?')[0]?.replace(base, '')} ${form.intent}`
      if (form.controls.some(isTyped) && !forms.has(name)) forms.set(name, { path, form })
    }
  }

  test.each([...forms])(
    '%s: empty, it is refused with the field and the remedy; half filled in, it keeps the rest',
    async (name, { form }) => {
      const refused = await send(form, () => '')
      if (TAKEN_EMPTY.test(name)) return
      expect(refused.status, refused.location ?? 'no redirect').toBeGreaterThanOrEqual(400)
      expect(refused.status).toBeLessThan(500)
      const [named] = refused.form.controls.filter(({ isInvalid }) => isInvalid)
      expect(named, 'no field is named').toBeDefined()
      expect(named?.description, 'the field says nothing').toMatch(/\w{2}/)

      const half = await send(form, ({ name: field, type }) =>
        field === named?.name ? '' : (BAD[type] ?? 'As it was typed'),
      )
      expect(half.status, half.location ?? 'no redirect').toBeGreaterThanOrEqual(400)
      expect(half.status).toBeLessThan(500)
      const kept = half.form.controls.filter(
        ({ name: field, type }) => field !== named?.name && type !== 'password' && type !== 'file',
      )
      for (const control of kept.filter(isTyped))
        expect(control.value, control.name).toBe(BAD[control.type] ?? 'As it was typed')
    },
  )

  /** Posts a form with what is typed into its fields; answers how the same form came back. */
  async function send(form: PostedForm, typed: (control: Control) => string) {
    const fields = Object.fromEntries(
      form.controls
        .filter(({ type, isChecked }) => type !== 'file' && (type !== 'checkbox' || isChecked))
        .map(control => [control.name, isTyped(control) ? typed(control) : control.value]),
    )
    const page = await postForm(origin, browser, form, fields)
    const same = postedForms(page).filter(each => each.intent === form.intent && isSame(each, form))
    const answered = same.find(({ controls }) => controls.some(({ isInvalid }) => isInvalid)) ?? same[0]
    return { ...page, form: answered ?? { ...form, controls: [] } }
  }
})

describe('what ends something is typed', async () => {
  /** As decision 157 calls them: where each is confirmed, and by which button. */
  const STEPS: Record<string, [path: string, intent: string]> = {
    'revoke a connection': [`${base}/settings/integrations/connections/${connectionId}`, 'revoke'],
    'delete an organization': [`${base}/settings/organization/data`, 'request_deletion'],
    'erase a person': [`${base}/settings/organization/data?person=${subject}`, 'erase'],
    'keep for a shorter time': [`${base}/settings/organization/data?retention=5`, 'retention'],
    'approve and seal': [`${base}/assessments/${submitted.assessmentId}`, 'approve'],
    'remove a member': [`${base}/settings/members`, 'remove'],
    leave: [`${base}/settings/members`, 'leave'],
    'remove a webhook': [`${base}/settings/alerts`, 'remove'],
    'remove a passkey': ['/account/second-factor', 'remove_passkey'],
  }
  const decision = new URL('../../docs/decisions/157-what-is-destroyed-is-typed.md', import.meta.url)
  const [, listed = ''] = /^\| ([^|]+?) *\| a typed word/m.exec(readFileSync(decision, 'utf8')) ?? []
  const count = await createRowCount(admin)

  test('and every step of it is looked at here', () => {
    expect(Object.keys(STEPS)).toEqual(listed.split(', '))
  })

  test.each(Object.entries(STEPS))(
    '%s: it says what goes and what stays, names the word, and does nothing without it',
    async (_, [path, intent]) => {
      const confirmed = (html: string) =>
        postedForms({ path, html }).find(
          form => form.intent === intent && form.controls.some(({ name }) => name === 'confirmation'),
        )
      const form = confirmed((await openPage(origin, owner.browser, path)).html)
      if (!form) throw new Error(`${path} has no such form`)
      expect(form.text).toMatch(/\b(?:Destroyed|Goes|Ends|removes|refuses)\b/)
      expect(form.text).toMatch(/\b(?:Kept|Stays|stays?)\b/)
      const [, word = ''] = /Type (.+?) to confirm/.exec(form.text) ?? []
      expect(word).not.toBe('')
      const before = await count()
      for (const typed of ['', word.slice(0, -1)]) {
        const fields = Object.fromEntries(
          form.controls.map(({ name, value }) => [name, name === 'reason' ? 'It is asked for.' : value]),
        )
        const refused = await postForm(origin, owner.browser, form, { ...fields, confirmation: typed })
        expect(refused.status, typed).toBe(400)
        const field = confirmed(refused.html)?.controls.find(({ name }) => name === 'confirmation')
        expect(field, typed).toMatchObject({ isInvalid: true, value: typed })
        expect(field?.description).toContain(word)
      }
      expect(await count()).toEqual(before)
    },
  )
})

test.each(['/login', '/register', '/reset', ...PAGES.map(path => path.split('?')[0] ?? path)])(
  '%s refuses a body that breaks off, with words',
  async path => {
    const headers = owner.browser.headers()
    headers.set('content-type', 'multipart/form-data; boundary=part')
    const body = '--part\r\ncontent-disposition: form-data; name="intent"\r\n\r\nbreaks o'
    const answer = await fetch(new URL(path, origin), { method: 'POST', headers, body, redirect: 'manual' })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('not a whole form')
  },
)

test('without JavaScript a page that offers passkeys says that they need it', async () => {
  const anyone = openBrowser(services)
  for (const [browser, path] of [
    [anyone, '/login'],
    [owner.browser, '/account/second-factor'],
  ] as const) {
    const { html } = await openPage(origin, browser, path)
    expect(html, path).toMatch(/<noscript><p[^>]*>Passkeys need JavaScript/)
  }
})

/** Where nothing has to be typed: an export of everything, a role that is no auditor's, the service's own key. */
const TAKEN_EMPTY = /exports organization$|members change$|choose_key$/

const BAD: Record<string, string> = {
  email: 'no address',
  url: 'nowhere',
  number: '-7',
  date: '1999-02-31',
  'datetime-local': '1999-02-31T25:00',
}

const isTyped = ({ type }: Control) => !/^(?:hidden|checkbox|radio|select|file)$/.test(type)

/** The same form of several of a kind: what is hidden in it is the same. */
const isSame = (one: PostedForm, other: PostedForm) => hiddenOf(one) === hiddenOf(other)
const hiddenOf = ({ controls }: PostedForm) =>
  JSON.stringify(controls.filter(({ type }) => type === 'hidden').map(({ name, value }) => [name, value]))
