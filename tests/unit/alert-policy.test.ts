import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AlertState, decideAlert, reminderDueAt } from '../../server/domain/alert/alert.ts'
import { alertEffects, mayAlert, type OpenAlert } from '../../server/domain/alert/alert-policy.ts'
import { type AlertCause, alertCauseSchema, alertKinds, subjectOf } from '../../server/domain/alert/causes.ts'
import { resolutions } from '../../server/domain/alert/events.ts'
import { alertNews } from '../../server/domain/alert/news.ts'
import { alertKindNames, alertWords, resolutionWords } from '../../server/domain/alert/words.ts'
import type { Verdict } from '../../server/domain/control/judgement.ts'
import type { DomainEvent } from '../../server/domain/events.ts'

const hour = 3_600_000
const day = 24 * hour
const recordedAt = new Date('2026-11-20T09:00:00.000Z')
const id = (last: number) => `0199a0b0-0000-7000-8000-${String(last).padStart(12, '0')}`
const [connectionId, sourceId, otherId, subscriptionId, exportId, alertId] = [1, 2, 3, 4, 5, 6].map(id) as [
  string,
  string,
  string,
  string,
  string,
  string,
]

const causes: Record<AlertCause['kind'], AlertCause> = {
  connection_stale: { kind: 'connection_stale', connectionId, sourceId },
  authorization_required: { kind: 'authorization_required', connectionId, remedy: 'reauthorize' },
  secret_expiring: { kind: 'secret_expiring', connectionId, secretExpiresOn: '2026-12-01' },
  control_failed: { kind: 'control_failed', connectionId, sourceId, controlId: 'AC-02' },
  export_failed: { kind: 'export_failed', exportId },
  checkpoint_failed: { kind: 'checkpoint_failed', subscriptionId },
  ledger_fails: { kind: 'ledger_fails' },
  sealing_failed: { kind: 'sealing_failed', obstacle: 'key_service' },
}

/** An event with as much of its payload as the policy looks at. */
const event = (type: DomainEvent['type'], payload: object) =>
  ({ type, payload, recordedAt }) as unknown as DomainEvent & { recordedAt: Date }
const verdict = (verdict: Verdict, changes: object = {}) =>
  event('ControlEvaluated', { controlId: 'AC-02', sourceId, connectionId, verdict, ...changes })

const effects = (
  happened: ReturnType<typeof event>,
  open: readonly AlertCause[] = [],
  lastDecided: Verdict | null = null,
) =>
  alertEffects(happened, {
    open: open.map((cause, index): OpenAlert => ({ alertId: id(100 + index), cause })),
    lastDecided,
  })

const secretNoticed = event('ClientSecretExpiryNoticed', { connectionId, secretExpiresOn: '2026-12-01' })
const raising: [AlertCause['kind'], ReturnType<typeof event>][] = [
  [
    'connection_stale',
    event('ConnectionBecameStale', { connectionId, sourceId, staleSince: '2026-11-20T08:00:00.000Z' }),
  ],
  ['authorization_required', event('ReauthorizationRequired', { connectionId, remedy: 'reauthorize' })],
  ['secret_expiring', secretNoticed],
  ['export_failed', event('ExportFailed', { exportId })],
  ['checkpoint_failed', event('CheckpointDeliveryFailed', { subscriptionId })],
  ['ledger_fails', event('LedgerVerified', { outcome: 'fails' })],
  ['sealing_failed', event('SealingFailed', { size: 3, obstacle: 'key_service' })],
]

describe('what raises an alert', () => {
  test.each(raising)('%s, once', (kind, happened) => {
    const [raised, ...more] = effects(happened)
    expect(more).toEqual([])
    expect(raised).toMatchObject({ do: 'raise', cause: causes[kind] })
    expect(mayAlert(happened)).toBe(true)
    const again = effects(happened, [causes[kind]])
    expect(again).toEqual(kind === 'secret_expiring' ? [{ do: 'remind', alertId: id(100) }] : [])
  })

  test('an outage began when it turned stale, not when somebody noticed', () => {
    const [, stale] = raising[0] ?? []
    expect(stale && effects(stale)[0]).toMatchObject({ since: new Date('2026-11-20T08:00:00.000Z') })
  })

  test.each<[Verdict, Verdict | null, boolean]>([
    ['fail', 'pass', true],
    ['fail', 'fail', false],
    ['fail', null, false],
    ['pass', 'pass', false],
    ['no_data', 'pass', false],
    ['not_testable', 'pass', false],
  ])('a control that is %s after %s: %s', (now, before, isRaised) => {
    expect(effects(verdict(now), [], before)).toEqual(
      isRaised ? [{ do: 'raise', cause: causes.control_failed, since: recordedAt }] : [],
    )
  })

  test('the same control of another directory is another alert', () => {
    const elsewhere = verdict('fail', { sourceId: otherId, connectionId: otherId })
    expect(effects(elsewhere, [causes.control_failed], 'pass')).toHaveLength(1)
    expect(effects(verdict('fail'), [causes.control_failed], 'pass')).toEqual([])
  })
})

describe('what ends an alert', () => {
  const all = Object.values(causes)
  const ended = (happened: ReturnType<typeof event>, open: readonly AlertCause[] = all) =>
    effects(happened, open).map(effect => [
      effect.do === 'resolve' ? effect.because : effect.do,
      open['alertId' in effect ? Number(effect.alertId.slice(-3)) - 100 : -1]?.kind,
    ])

  test.each([
    ['recovered', 'connection_stale', event('ConnectionRecovered', { connectionId })],
    ['authorized', 'authorization_required', event('ConnectionReauthorized', { connectionId })],
    ['secret_replaced', 'secret_expiring', event('ClientSecretReplaced', { connectionId })],
    ['passes', 'control_failed', verdict('pass')],
    ['export_completed', 'export_failed', event('ExportCompleted', { exportId: otherId })],
    ['delivered', 'checkpoint_failed', event('CheckpointDelivered', { subscriptionId })],
    ['unsubscribed', 'checkpoint_failed', event('CheckpointUnsubscribed', { subscriptionId })],
    ['holds', 'ledger_fails', event('LedgerVerified', { outcome: 'holds' })],
    ['sealed', 'sealing_failed', event('SealingResumed', { size: 4 })],
  ])('%s ends %s and nothing else', (because, kind, happened) => {
    expect(ended(happened)).toEqual([[because, kind]])
    expect(ended(happened, [])).toEqual([])
  })

  test('a new secret ends a refused app registration, too, but no sign-in that was refused', () => {
    const refused: AlertCause = { kind: 'authorization_required', connectionId, remedy: 'fix_application' }
    const replaced = event('ClientSecretReplaced', { connectionId })
    expect(ended(replaced, [refused])).toEqual([['secret_replaced', 'authorization_required']])
    expect(ended(replaced, [causes.authorization_required])).toEqual([])
  })

  test('revoking ends everything about this connection, and nothing about another', () => {
    expect(ended(event('ConnectionRevoked', { connectionId })).map(([, kind]) => kind)).toEqual([
      'connection_stale',
      'authorization_required',
      'secret_expiring',
      'control_failed',
    ])
    expect(ended(event('ConnectionRevoked', { connectionId: otherId }))).toEqual([])
  })

  test('neither no data nor a control that cannot be tested ends a failure', () => {
    for (const unsure of ['no_data', 'not_testable'] as const) {
      expect(ended(verdict(unsure))).toEqual([])
      expect(mayAlert(verdict(unsure))).toBe(false)
    }
  })
})

test('every cause and every end has words, every cause a subject of its own', () => {
  expect(Object.keys(causes).sort()).toEqual([...alertKinds].sort())
  expect(new Set(Object.values(causes).map(subjectOf)).size).toBe(alertKinds.length)
  for (const cause of Object.values(causes)) {
    expect(alertCauseSchema.parse(cause)).toEqual(cause)
    const { title, meaning, step } = alertWords(cause, 'Contoso')
    expect([title, meaning, step.label, step.to, alertKindNames[cause.kind]].every(Boolean)).toBe(true)
  }
  for (const because of resolutions) expect(resolutionWords[because]).toMatch(/\.$/)
})

describe('an alert that stays open', () => {
  const open: AlertState = {
    alertId,
    cause: causes.connection_stale,
    isOpen: true,
    isAcknowledged: false,
    raisedAt: recordedAt,
    remindedAt: null,
    reminders: 0,
  }
  const after = (passed: number, changes: Partial<AlertState> = {}) =>
    decideAlert(
      { type: 'remind_when_due', at: new Date(recordedAt.getTime() + passed) },
      { ...open, ...changes },
    )

  test.each<[string, number, Partial<AlertState>, number | null]>([
    ['is silent for a day', day - 1, {}, null],
    ['is spoken of again after a day', day, {}, 1],
    ['is silent for a day after that', 2 * day - 1, { remindedAt: new Date(+recordedAt + day) }, null],
    ['then counts on', 2 * day, { remindedAt: new Date(+recordedAt + day), reminders: 1 }, 2],
    ['that somebody has seen is silent for a week', 7 * day - 1, { isAcknowledged: true }, null],
    ['that somebody has seen comes back after a week', 7 * day, { isAcknowledged: true }, 1],
    ['that is over is never spoken of', 30 * day, { isOpen: false }, null],
  ])('%s', (_, passed, changes, reminder) => {
    expect(after(passed, changes)).toEqual(
      reminder === null ? [] : [{ type: 'AlertReminded', payload: { alertId, reminder } }],
    )
  })

  test('is spoken of at most once a day, however often the sweep looks', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 * hour }), { maxLength: 60 }), steps => {
        let state = open
        let at = recordedAt.getTime()
        for (const step of steps) {
          at += step
          const due = reminderDueAt(state)
          const [reminded, ...more] = decideAlert({ type: 'remind_when_due', at: new Date(at) }, state)
          expect(more).toEqual([])
          expect(reminded !== undefined).toBe(at >= due.getTime())
          if (reminded) state = { ...state, remindedAt: new Date(at), reminders: state.reminders + 1 }
        }
        expect(state.reminders).toBeLessThanOrEqual((at - recordedAt.getTime()) / day)
      }),
    )
  })
})

describe('what a message tells of a stretch of the log', () => {
  const raised = event('AlertRaised', { alertId })
  const reminded = event('AlertReminded', { alertId })
  const resolved = event('AlertResolved', { alertId })

  test.each([
    ['raised', [raised], 'new'],
    ['raised and reminded of', [raised, reminded], 'new'],
    ['reminded of', [reminded], 'open'],
    ['raised and over', [raised, resolved], 'over'],
    ['over', [reminded, resolved], 'over'],
  ])('one that was %s', (_, happened, standing) => {
    expect(alertNews(happened)).toEqual([{ alertId, standing }])
  })

  test('that somebody has seen one is no news', () => {
    expect(alertNews([event('AlertAcknowledged', { alertId })])).toEqual([])
  })
})
