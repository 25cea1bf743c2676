import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeEvent, eventTypeWords } from '../../server/domain/describe-event.ts'
import { eventTypes } from '../../server/domain/events.ts'
import { describePolicy } from '../../server/domain/evidence/describe-policy.ts'
import { itemChanges } from '../../server/domain/evidence/item-changes.ts'
import type { ConditionalAccessPolicyItem } from '../../server/domain/evidence/items.ts'
import { csvLine, neutralise } from '../../server/export/csv.ts'

const everyone = {
  includeUsers: ['All'],
  excludeUsers: [],
  includeGroups: [],
  excludeGroups: [],
  includeRoles: [],
  excludeRoles: [],
  includeGuestsOrExternalUsers: null,
  excludeGuestsOrExternalUsers: null,
}
const everything = {
  includeApplications: ['All'],
  excludeApplications: [],
  includeUserActions: [],
  includeAuthenticationContextClassReferences: [],
  filter: null,
}
const grant = {
  operator: 'OR',
  builtInControls: ['mfa'],
  customAuthenticationFactors: [],
  termsOfUse: [],
  authenticationStrength: null,
}
const policy: ConditionalAccessPolicyItem = {
  id: 'p',
  displayName: 'Demand it',
  state: 'enabled',
  createdDateTime: null,
  modifiedDateTime: null,
  conditions: {
    clientAppTypes: ['all'],
    applications: everything,
    users: everyone,
    platforms: null,
    locations: null,
    devices: null,
    userRiskLevels: [],
    signInRiskLevels: [],
    servicePrincipalRiskLevels: [],
    insiderRiskLevels: [],
    forWorkloadIdentities: false,
    other: [],
  },
  grantControls: grant,
  sessionControls: null,
}
const withConditions = (changes: Partial<ConditionalAccessPolicyItem['conditions']>) => ({
  ...policy,
  conditions: { ...policy.conditions, ...changes },
})

describe('a policy in words', () => {
  it('says whom it asks for what', () => {
    expect(describePolicy(policy)).toEqual({
      name: 'Demand it',
      state: 'enabled',
      stateWords: 'On',
      who: ['all users'],
      apps: ['all apps'],
      conditions: [],
      grant: 'Asks for a second factor.',
      exclusions: [],
    })
  })

  it('names what it leaves out, by name where one is known', () => {
    const users = { ...everyone, excludeUsers: ['u1', 'u2'], excludeGroups: ['g1'] }
    const words = describePolicy(withConditions({ users }), id => (id === 'u1' ? 'Ada' : undefined))
    expect(words.exclusions).toEqual(['Ada', 'account u2', 'group g1'])
  })

  it('tells any of several controls from all of them', () => {
    const asked = (operator: string) =>
      describePolicy({
        ...policy,
        grantControls: { ...grant, operator, builtInControls: ['mfa', 'compliantDevice'] },
      }).grant
    expect(asked('OR')).toBe('Asks for a second factor or a compliant device.')
    expect(asked('AND')).toBe('Asks for a second factor and a compliant device.')
  })

  it('does not hide what it does not know', () => {
    expect(describePolicy({ ...policy, state: 'paused' })).toMatchObject({
      state: 'other',
      stateWords: 'paused',
    })
    expect(describePolicy(withConditions({ other: ['moonPhase'] })).conditions).toEqual([
      'a condition that is not known here: moonPhase',
    ])
    expect(
      describePolicy({ ...policy, grantControls: { ...grant, builtInControls: ['newControl'] } }).grant,
    ).toBe('Asks for newControl.')
  })

  it('says when it only applies at a risk or from legacy clients', () => {
    const words = describePolicy(withConditions({ signInRiskLevels: ['high'], clientAppTypes: ['other'] }))
    expect(words.conditions).toEqual(['from other legacy clients', 'sign-in risk is high'])
  })
})

describe('events in words', () => {
  it('name their type for every type there is', () => {
    expect(eventTypeWords('ReauthorizationRequired')).toBe('Reauthorization required')
    expect(new Set(eventTypes.map(eventTypeWords)).size).toBe(eventTypes.length)
  })

  it('tell a first collection from a change, and a feed’s window from both', () => {
    const payload = {
      connectionId: 'c',
      sourceId: 's',
      runId: 'r',
      kind: 'user_inventory',
      evidenceId: 'e',
      mode: 'state',
      fingerprint: '',
      itemCount: 3,
      changes: { joined: 3, changed: 0, left: 0 },
      collectedFrom: '',
      collectedTo: '',
      window: null,
      cause: 'source',
      normaliserVersion: 1,
      summary: {},
      provenanceSha256: '',
      controls: [],
    } as const
    const say = (changes: object) =>
      describeEvent({ type: 'EvidenceAttached', payload: { ...payload, controls: [], ...changes } })
    expect(say({})).toBe('Users: collected for the first time; 3 accounts in all.')
    expect(say({ itemCount: 1204, changes: { joined: 1, changed: 2, left: 0 } })).toBe(
      'Users: 1 joined, 2 changed; 1,204 accounts in all.',
    )
    const window = { from: '2026-11-15T04:00:00.000Z', to: '2026-11-15T06:00:00.000Z' }
    expect(say({ kind: 'risky_sign_ins', mode: 'feed', window, itemCount: 1 })).toBe(
      'Risky sign-ins from 2026-11-15 04:00 UTC to 2026-11-15 06:00 UTC: 1.',
    )
  })
})

describe('what differs between two items', () => {
  it('is named field by field, nested ones by their path', () => {
    expect(itemChanges({ a: 1, b: { c: ['x'] }, d: null }, { a: 1, b: { c: ['x', 'y'] }, d: true })).toEqual([
      { field: 'b.c', before: 'x', after: 'x, y' },
      { field: 'd', before: 'not said', after: 'true' },
    ])
  })

  it('is nothing between an item and itself', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), item => itemChanges(item, item).length === 0),
    )
  })
})

describe('a line of CSV', () => {
  it.each(['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\t=1', '  =1', '\r=1', '＝1'])('makes %j a text', cell => {
    expect(neutralise(cell)).toBe(`'${cell}`)
  })

  it('leaves names, numbers and dates as they are', () => {
    for (const cell of ['Ada', '-5', '+3.2', '2026-11-15', 'a=b', '']) expect(neutralise(cell)).toBe(cell)
  })

  it('never lets a cell begin like a formula, and reads back as the cells it was made of', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), cells => {
        expect(readLine(csvLine(cells))).toEqual(cells.map(neutralise))
        for (const cell of cells.map(neutralise)) expect(cell).not.toMatch(/^[=@\t\r]/)
      }),
    )
  })
})

function readLine(line: string): string[] {
  const cells = [...`,${line.slice(0, -2)}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)]
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '')
}
