import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { completeAuthorization } from '../../server/connections/complete-authorization.ts'
import { replaceClientSecret } from '../../server/connections/manage-connection.ts'
import { sweepOverdue } from '../../server/connections/sweep.ts'
import {
  AuthorizationRefused,
  CredentialRefused,
  SourceUnavailable,
} from '../../server/connectors/contract.ts'
import { ownerCaller } from '../support/caller.ts'
import { dispatchDue } from '../support/dispatch.ts'
import { clientSecret, connect, errorOf, open, openScene, storeOf, tenantOf } from '../support/entra.ts'
import { describeReference, readReference } from '../support/reference-data.ts'
import { seedSyncedOrganization, signInToReauthorize } from '../support/seed.ts'

const hour = 3_600_000

/** What a refused token request leads to: a person signs in again, the registration is mended, or it passes. */
type Leads = 'reauthorize' | 'fix_application' | 'retry'

interface Answer {
  error: string
  suberror?: string
  leads: Leads
  /** Who has to act, by the reference's own advice. */
  who: 'An administrator' | 'Whoever signs in' | 'Nobody'
}

const administrator = 'An administrator'
const account = 'Whoever signs in'

/**
 * Every code of the reference with the `error` and `suberror` that Entra sends it with (the reference has none: from
 * its pages on token errors, and for lack of one from what others recorded), and what it must lead to.
 */
const answers: Record<string, Answer> = {
  50011: { error: 'invalid_request', leads: 'fix_application', who: administrator },
  500113: { error: 'invalid_request', leads: 'fix_application', who: administrator },
  50020: { error: 'invalid_grant', leads: 'reauthorize', who: account },
  50034: { error: 'invalid_grant', leads: 'reauthorize', who: account },
  50057: { error: 'invalid_grant', leads: 'reauthorize', who: administrator },
  50055: { error: 'invalid_grant', suberror: 'user_password_expired', leads: 'reauthorize', who: account },
  50072: { error: 'interaction_required', suberror: 'basic_action', leads: 'reauthorize', who: account },
  50074: { error: 'interaction_required', suberror: 'basic_action', leads: 'reauthorize', who: account },
  50076: { error: 'invalid_grant', suberror: 'basic_action', leads: 'reauthorize', who: account },
  50078: { error: 'invalid_grant', suberror: 'basic_action', leads: 'reauthorize', who: account },
  50079: { error: 'interaction_required', suberror: 'basic_action', leads: 'reauthorize', who: account },
  50105: { error: 'invalid_grant', leads: 'reauthorize', who: administrator },
  50173: { error: 'invalid_grant', suberror: 'bad_token', leads: 'reauthorize', who: account },
  50194: { error: 'invalid_request', leads: 'fix_application', who: account },
  50196: { error: 'invalid_grant', leads: 'reauthorize', who: account },
  53003: { error: 'invalid_grant', suberror: 'message_only', leads: 'reauthorize', who: administrator },
  530035: { error: 'invalid_grant', suberror: 'message_only', leads: 'reauthorize', who: account },
  54005: { error: 'invalid_grant', leads: 'reauthorize', who: account },
  65001: { error: 'invalid_grant', suberror: 'consent_required', leads: 'reauthorize', who: administrator },
  65004: { error: 'access_denied', leads: 'reauthorize', who: account },
  65005: { error: 'invalid_client', leads: 'fix_application', who: administrator },
  650056: { error: 'invalid_client', leads: 'fix_application', who: administrator },
  700005: { error: 'invalid_grant', leads: 'reauthorize', who: account },
  70000: { error: 'invalid_grant', leads: 'reauthorize', who: account },
  70001: { error: 'unauthorized_client', leads: 'fix_application', who: administrator },
  700016: { error: 'unauthorized_client', leads: 'fix_application', who: account },
  70008: { error: 'invalid_grant', suberror: 'bad_token', leads: 'reauthorize', who: account },
  700082: { error: 'invalid_grant', leads: 'reauthorize', who: account },
  70011: { error: 'invalid_scope', leads: 'fix_application', who: account },
  70043: { error: 'invalid_grant', suberror: 'token_expired', leads: 'reauthorize', who: administrator },
  7000112: { error: 'unauthorized_client', leads: 'fix_application', who: administrator },
  7000215: { error: 'invalid_client', leads: 'fix_application', who: administrator },
  7000218: { error: 'invalid_client', leads: 'fix_application', who: administrator },
  7000222: { error: 'invalid_client', leads: 'fix_application', who: administrator },
  90002: { error: 'invalid_request', leads: 'fix_application', who: account },
  90038: { error: 'invalid_request', leads: 'fix_application', who: account },
  900432: { error: 'invalid_request', leads: 'fix_application', who: account },
  90055: { error: 'temporarily_unavailable', leads: 'retry', who: 'Nobody' },
  90033: { error: 'temporarily_unavailable', leads: 'retry', who: 'Nobody' },
  90094: { error: 'consent_required', leads: 'reauthorize', who: administrator },
  90095: { error: 'consent_required', leads: 'reauthorize', who: administrator },
  900971: { error: 'invalid_request', leads: 'fix_application', who: administrator },
  9002313: { error: 'invalid_grant', leads: 'reauthorize', who: account },
  501481: { error: 'invalid_grant', leads: 'reauthorize', who: account },
}

const faultOf = (code: string) => {
  const { error, suberror } = answers[code] ?? { error: 'unknown' }
  return { kind: 'token-error', error, code: Number(code), ...(suberror ? { suberror } : {}) } as const
}

const codes = Object.keys(answers)

describeReference('the codes of these tests', 'graph/aadsts-codes.json', () => {
  test('are every code of the reference, and no other', () => {
    const listed = z
      .object({ codes: z.array(z.object({ code: z.number() })) })
      .parse(readReference('graph/aadsts-codes.json'))
    expect([...codes].sort()).toEqual(listed.codes.map(({ code }) => String(code)).sort())
  })
})

describe('at a refresh, through MSAL and over HTTP', async () => {
  const scene = await openScene()
  afterAll(() => scene.entra.stop())
  const { tokenCache } = await connect(scene)
  const refreshes = () => tenantOf(scene).requests.filter(({ url }) => url.endsWith('#refresh_token')).length

  test.each(codes)('AADSTS%s leads where it must, in words that say who has to act', async code => {
    const { leads, who } = answers[code] ?? { leads: 'retry', who: '' }
    tenantOf(scene).clearFaults()
    tenantOf(scene).fault(faultOf(code))
    const asked = refreshes()
    const store = storeOf(tokenCache)
    const error = await errorOf(open(scene, store))
    expect(store.writes).toEqual([])
    if (leads === 'retry') {
      expect(error).toBeInstanceOf(SourceUnavailable)
      expect(refreshes() - asked).toBeGreaterThan(1)
      return
    }
    expect(error).toBeInstanceOf(CredentialRefused)
    if (!(error instanceof CredentialRefused)) return
    expect([error.remedy, error.code]).toEqual([leads, `AADSTS${code}`])
    expect(error.explanation).toContain(who)
    expect(error.explanation.length).toBeGreaterThan(80)
    // One look, and where consent is missing one for each permission: nothing is tried again.
    expect(refreshes() - asked).toBe(code === '65001' ? 5 : 1)
  })

  test('a number that nobody knows is judged by the error alone, and still says what to do', async () => {
    for (const [error, remedy] of [
      ['invalid_grant', 'reauthorize'],
      ['invalid_client', 'fix_application'],
    ] as const) {
      tenantOf(scene).clearFaults()
      tenantOf(scene).fault({ kind: 'token-error', error, code: 98_765_432 })
      const refused = await errorOf(open(scene, storeOf(tokenCache)))
      expect(refused).toMatchObject({
        remedy,
        explanation: expect.stringMatching(/(An administrator|Whoever)/),
      })
    }
  })
})

describe('when a code is redeemed', async () => {
  const scene = await openScene()
  afterAll(() => scene.entra.stop())

  test.each(codes)(
    'AADSTS%s refuses the connection with what happened, who has to act and how',
    async code => {
      tenantOf(scene).clearFaults()
      tenantOf(scene).fault(faultOf(code))
      const error = await errorOf(connect(scene))
      expect(error).toBeInstanceOf(AuthorizationRefused)
      if (!(error instanceof AuthorizationRefused)) return
      const { title, explanation, who, remedy } = error.words
      expect(error.code).toBe(`AADSTS${code}`)
      expect(who).toMatch(new RegExp(`^${answers[code]?.who}`))
      for (const words of [title, explanation, ...remedy]) expect(words.length).toBeGreaterThan(10)
      expect(error.reason === 'source_unavailable').toBe(['90033', '90055', '50196'].includes(code))
    },
  )
})

describe('a terminal cause, over hours', async () => {
  const scene = await seedSyncedOrganization()
  const { services, clock, slug: organization, organizationId, connectionId, userId } = scene
  const tenant = scene.entra.tenant(scene.spec.tenantId)
  const caller = ownerCaller(scene)
  const tokenRequests = () => tenant.requests.filter(({ url }) => url.endsWith('#refresh_token')).length

  test.each([
    ['70043', 1],
    ['50076', 1],
    ['50079', 1],
    ['50173', 1],
    ['700082', 1],
    ['50057', 1],
    ['53003', 1],
    ['65001', 5],
    ['7000112', 1],
    ['7000222', 1],
    ['7000215', 1],
    ['90002', 1],
  ])(
    'AADSTS%s is asked for once and then waits for a person, who brings collection back',
    async (code, once) => {
      // Whatever is due comes first, so that the refusal is met by one run.
      clock.jump(hour)
      await dispatchDue(scene)
      tenant.fault(faultOf(code))
      const asked = tokenRequests()
      for (let hours = 0; hours < 6; hours += 1) {
        clock.jump(hour)
        await sweepOverdue(services)
        await dispatchDue(scene)
      }
      expect(tokenRequests() - asked).toBe(once)
      const page = await caller.connections.get({ organization, connectionId })
      const { leads, who } = answers[code] ?? {}
      expect(page.connection).toMatchObject({
        status: 'needs_attention',
        attention: { remedy: leads, code: `AADSTS${code}`, explanation: expect.stringContaining(who ?? '') },
      })
      const required = page.history.filter(({ type }) => type === 'ReauthorizationRequired')
      expect(required).toHaveLength(terminalCount(code))
      const { needs } = await caller.coverage.overview({ organization })
      expect(needs[0]).toMatchObject({ tone: 'fail', text: expect.stringContaining(`AADSTS${code}`) })
      await expect(caller.connections.syncNow({ organization, connectionId })).rejects.toMatchObject({
        code: 'PRECONDITION_FAILED',
      })

      tenant.clearFaults()
      if (leads === 'fix_application') {
        const secretExpiresOn = new Date(clock.now().getTime() + 90 * 24 * hour).toISOString().slice(0, 10)
        await replaceClientSecret(
          services,
          { organizationId, connectionId, userId },
          { clientSecret, secretExpiresOn },
        )
      } else {
        const back = await signInToReauthorize(scene, connectionId)
        await completeAuthorization(services, scene.browser, back.searchParams)
      }
      expect(await dispatchDue(scene)).toContain('succeeded')
      expect((await caller.connections.get({ organization, connectionId })).connection.status).toBe(
        'connected',
      )
    },
  )

  const met: string[] = []
  /** One event for each cause so far: the history goes on growing over the cases. */
  function terminalCount(code: string): number {
    if (!met.includes(code)) met.push(code)
    return met.length
  }
})

test('what may pass is tried again soon, by itself, and asks for nobody', async () => {
  const scene = await seedSyncedOrganization()
  const { clock, slug: organization, connectionId } = scene
  const tenant = scene.entra.tenant(scene.spec.tenantId)
  clock.jump(hour)
  tenant.fault(faultOf('90033'))
  expect((await dispatchDue(scene)).filter(result => result !== 'nothing_to_do')).toContain('unanswered')
  const { connection, nextSyncAt } = await ownerCaller(scene).connections.get({ organization, connectionId })
  expect(connection).toMatchObject({ status: 'connected', attention: null })
  expect((nextSyncAt?.getTime() ?? 0) - clock.now().getTime()).toBeLessThanOrEqual(10 * 60_000)
  tenant.clearFaults()
  clock.jump(11 * 60_000)
  expect(await dispatchDue(scene)).toContain('succeeded')
})
