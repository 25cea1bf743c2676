import { describe, expect, test } from 'vitest'
import { Database } from '../../db/client.ts'
import type { Role } from '../../server/domain/member/roles.ts'
import { sampledAssessment } from '../support/assessment.ts'
import { rejoin } from '../support/caller.ts'
import { openOffice } from '../support/offices.ts'
import { decoded, type OpenedPage, openPage, servePages } from '../support/pages.ts'
import { newPerson, type Person } from '../support/people.ts'
import { connectedScene, syncNow, useScene } from '../support/seed.ts'
import { composeTestServices } from '../support/services.ts'

const hour = 3_600_000
const scene = await useScene({ size: 12 })
const { services, slug, clock } = scene
const base = `/o/${slug}`
const origin = await servePages(services)
const owner = await joined('owner')

const connectionId = await connectedScene(scene)
await syncNow(scene, connectionId)
await syncNow(scene, connectionId, 'daily')
clock.jump(hour)
await sampledAssessment(scene)
clock.jump(1_000)
const then = clock.now()
clock.jump(hour)
scene.entra.tenant(scene.spec.tenantId).setUser(3, { displayName: 'Renamed Person' })
await syncNow(scene, connectionId)

async function joined(role: Role): Promise<Person> {
  const person = await newPerson(services, `Some ${role}`)
  await rejoin(scene, person.id, role, {
    from: new Date(0),
    to: new Date(clock.now().getTime() + 100 * hour),
  })
  return person
}

/** Two pages are alike where only ids, positions and names in their addresses differ. */
const likeness = (path: string) => {
  const { pathname } = new URL(path, origin)
  return pathname
    .replace(/\/(?:[0-9a-f-]{32,}|\d+)(?=\/|$)/g, '/:id')
    .replace(/\/AC-\d\d/, '/:control')
    .replace(/\/kind\/\w+\/(csv|proof)/, '/kind/:kind/$1')
}

const isInside = (link: string) => link.startsWith(`${base}/`) || link.split(/[?#]/)[0] === base

/** Opens a page and, from there, one page of each likeness that links lead to. */
async function walk(person: Person, start: string): Promise<OpenedPage[]> {
  const pages: OpenedPage[] = []
  const known = new Set([likeness(start)])
  const due = [start]
  for (let next = due.shift(); next !== undefined; next = due.shift()) {
    const page = await openPage(origin, person.browser, next)
    pages.push(page)
    for (const link of page.links.filter(isInside)) {
      if (known.has(likeness(link))) continue
      known.add(likeness(link))
      due.push(link)
    }
  }
  return pages
}

const refused = (pages: OpenedPage[]) =>
  pages.filter(({ status }) => status !== 200).map(({ path, status }) => `${status} ${path}`)

describe('looking back', async () => {
  const pages = await walk(owner, `${base}?asOf=${then.toISOString()}`)

  test('reaches every place of an organization, and each page opens', () => {
    expect(refused(pages)).toEqual([])
    expect(pages.map(({ path }) => likeness(path).slice(base.length))).toEqual(
      expect.arrayContaining([
        '',
        '/controls',
        '/controls/:control',
        '/evidence',
        '/evidence/:id',
        '/evidence/kind/user_inventory',
        '/accounts',
        '/accounts/:id',
        '/assessments',
        '/assessments/:id',
        '/assessments/:id/samples/:id',
        '/audit',
        '/audit/:id',
        '/audit/compare',
        '/audit/checkpoints',
        '/audit/exports',
        '/audit/subscriptions',
        '/alerts',
        '/settings/alerts',
        '/settings/integrations',
        '/settings/integrations/entra',
        '/settings/integrations/connections/:id',
        '/settings/members',
        '/settings/organization',
        '/settings/organization/data',
      ]),
    )
  })

  test('is kept by every link inside the organization, but for the way back to now', () => {
    const lost = pages.flatMap(({ path, links }) =>
      links
        .filter(link => isInside(link) && !new URL(link, origin).searchParams.has('asOf'))
        // The same page, as it is now.
        .filter(link => new URL(link, origin).pathname !== new URL(path, origin).pathname)
        .map(link => `${path.split('?')[0]} → ${link}`),
    )
    expect(lost).toEqual([])
  })

  test('is kept by every form that asks for something', () => {
    const lost = formsOf(pages, 'get').filter(({ form }) => !/name="asOf"/.test(form))
    expect(lost.map(({ path }) => path)).toEqual([])
  })

  test('changes nothing: no page has a form that would, and each says that it is read-only', () => {
    const changing = formsOf(pages, 'post').filter(({ form }) => !isHarmless(form))
    expect(changing.map(({ path, form }) => `${path}: ${form.slice(0, 120)}`)).toEqual([])
    for (const { html, path } of pages.filter(isPage)) expect(html, path).toMatch(/read-only/)
  })
})

describe('what a role is offered', () => {
  test.each(['compliance_lead', 'auditor', 'viewer'] as const)('opens, for %s', async role => {
    const pages = await walk(await joined(role), base)
    expect(refused(pages)).toEqual([])
    expect(pages.length).toBeGreaterThan(5)
  })

  test('and what it is not offered says what to do instead', async () => {
    const viewer = await joined('viewer')
    for (const path of ['/evidence', '/accounts', '/audit', '/assessments', '/audit/exports']) {
      const page = await openPage(origin, viewer.browser, base + path)
      expect(page.status, path).toBe(403)
      expect(page.html).toContain('Your role does not reach this')
      expect(page.html).toContain('Nothing was changed')
    }
  })
})

test('a new organization with nothing in it has every page, and each says what comes first', async () => {
  const office = await openOffice(scene, 'Empty Street')
  const start = `/o/${office.slug}`
  for (const path of EMPTY) {
    const page = await openPage(origin, office.owner.browser, start + path)
    expect(page.status, path).toBe(200)
    expect(page.html, path).not.toMatch(/\bNaN\b|undefined|Invalid Date/)
  }
  const kind = await openPage(origin, office.owner.browser, `${start}/evidence/kind/user_inventory`)
  expect(kind.status).toBe(404)
  expect(kind.html).toContain('No directory is connected at this moment')
})

test('what was not there yet says so, and leads back to now', async () => {
  const page = await openPage(
    origin,
    owner.browser,
    `${base}/settings/integrations/connections/${connectionId}?asOf=0`,
  )
  expect(page.status).toBe(404)
  expect(page.html).toContain('Nothing here at this moment')
  expect(page.links).toContain(`${base}/settings/integrations/connections/${connectionId}`)
})

test('a moment that cannot be shown is told with a field for another one, and what was typed', async () => {
  const page = await openPage(origin, owner.browser, `${base}/controls?asOf=999999`)
  expect(page.status).toBe(400)
  expect(page.html).toContain('There is no position 999999 in this ledger.')
  expect(page.html).toMatch(/name="asOf"[^>]*value="999999"/)
  const none = await openPage(origin, owner.browser, `${base}?asOf=yesterday`)
  expect(none.status).toBe(400)
  expect(decoded(none.html)).toContain('Give a date and time such as 2026-11-15T06:00Z')
})

const EMPTY = [
  '',
  '/controls',
  '/controls/AC-02',
  '/evidence',
  '/accounts',
  '/assessments',
  '/audit',
  '/audit/compare',
  '/audit/checkpoints',
  '/audit/subscriptions',
  '/audit/exports',
  '/alerts',
  '/settings/alerts',
  '/settings/integrations',
  '/settings/integrations/entra',
  '/settings/members',
  '/settings/organization',
  '/settings/organization/data',
]

/** What folds the events of the past, and what belongs to the reader and not to the organization. */
const isHarmless = (form: string) => /action="\/(?:theme|logout)"|value="explain"/.test(form)

const isPage = ({ html }: OpenedPage) => html.startsWith('<!DOCTYPE html>')

function formsOf(pages: OpenedPage[], method: 'get' | 'post') {
  return pages.flatMap(({ path, html }) =>
    [...html.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/g)]
      .map(([form]) => form)
      .filter(form => form.slice(0, form.indexOf('>')).includes(`method="${method}"`))
      .map(form => ({ path, form })),
  )
}

test('while the database does not answer, a page says so and what it means for evidence, and signs nobody out', async () => {
  const database = new Database('postgres://nobody@127.0.0.1:1/none', { max: 1 })
  const { close, services: without } = composeTestServices({
    database,
    clock,
    entraOrigin: scene.entra.origin,
    kms: scene.kms,
    smtpUrl: scene.smtp.smtpUrl,
    leaseSeconds: 60,
  })
  const page = await openPage(await servePages(without), owner.browser, `${base}/controls`)
  expect(page.path).toBe(`${base}/controls`)
  expect(page.status).toBe(503)
  expect(page.html).toContain('The database does not answer right now.')
  expect(page.html).toContain('Evidence is not touched by this')
  close()
  await database.close()
})
