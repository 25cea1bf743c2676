import { expect, test } from 'vitest'
import type { KindData } from '../../app/components/evidence/answers.ts'
import { countsCsv } from '../../app/lib/counts-csv.ts'

const asOf = { instant: new Date('2026-11-20T10:00:00Z'), position: 7, isNow: true, text: null }

/** Only what the file is made of. */
const shown = (state: object, signInPlot: object | null) =>
  ({ asOf, state, view: { policies: [], signInPlot } }) as unknown as KindData

test('the parts of a whole are a line each', () => {
  const state = {
    kind: 'mfa_registration',
    title: 'MFA registration',
    evidence: { summary: { capable: 12, notCapable: 3 } },
  }
  expect(countsCsv(shown(state, null), 'harbour').split('\r\n')).toEqual([
    '"organization","harbour"',
    '"as of","2026-11-20T10:00:00.000Z","position",7',
    '"evidence","MFA registration"',
    '"of","part","count"',
    '"Second factor","capable",12',
    '"Second factor","not capable",3',
    '',
  ])
})

test('risky sign-ins are a line a day', () => {
  const at = new Date('2026-11-19T00:00:00Z')
  const plot = { parts: ['low', 'high'], columns: [{ at, pieces: [{ part: 'high', value: 2 }] }] }
  const state = { kind: 'risky_sign_ins', title: 'Risky sign-ins', evidence: null }
  expect(countsCsv(shown(state, plot), 'harbour').split('\r\n').slice(3)).toEqual([
    '"day","low","high"',
    '"2026-11-19",0,2',
    '',
  ])
})
