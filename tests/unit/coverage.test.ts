import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../server/domain/control/catalogue.ts'
import { type Verdict, verdicts } from '../../server/domain/control/judgement.ts'
import { worstVerdict } from '../../server/domain/control/verdict.ts'
import { type CoverageSource, coverage } from '../../server/domain/coverage/coverage.ts'
import { controlFreshness, freshness } from '../../server/domain/coverage/freshness.ts'
import { type CoverageHistory, historyReader } from '../../server/domain/coverage/history.ts'
import { outages } from '../../server/domain/coverage/outages.ts'
import { coverageTimeline } from '../../server/domain/coverage/timeline.ts'
import { type EvidenceKind, evidenceKinds } from '../../server/domain/evidence/kinds.ts'
import { testLaw } from '../support/law.ts'
import { after, at, hour } from './control-facts.ts'

const version1 = catalogue(1)
const controlIds = version1.controls.map(control => control.id)

const verdictOf = (controlId: string, verdict: Verdict) => ({ controlId, verdict, reasons: [], changes: [] })

function source(
  verdict: Verdict | ((controlId: string) => Verdict),
  lastSuccessAt: Date | null = at,
  more: Partial<Record<EvidenceKind, { lastSuccessAt?: Date | null; isSettledUnavailable?: boolean }>> = {},
): CoverageSource {
  return {
    sourceId: 's1',
    verdicts: controlIds.map(id => verdictOf(id, typeof verdict === 'string' ? verdict : verdict(id))),
    evidence: evidenceKinds.map(kind => ({
      kind,
      lastSuccessAt,
      isSettledUnavailable: false,
      ...more[kind],
    })),
  }
}

const cover = (sources: CoverageSource[], now = at) => coverage({ catalogue: version1, sources, at: now })

describe('freshness', () => {
  it.each([
    [0, 'fresh'],
    [6 * hour, 'fresh'],
    [6 * hour + 1, 'stale'],
    [24 * hour, 'stale'],
    [24 * hour + 1, 'expired'],
    [-1, 'never'],
  ])('%d milliseconds after the last success is %s', (age, expected) => {
    expect(freshness('user_inventory', at, after(age))).toBe(expected)
  })

  it('of a control is that of its oldest required evidence', () => {
    const evidence = source('pass', at, { security_defaults: { lastSuccessAt: after(-7 * hour) } }).evidence
    expect(controlFreshness(['user_inventory', 'security_defaults'], evidence, at)).toBe('stale')
    expect(controlFreshness(['user_inventory'], evidence, at)).toBe('fresh')
    expect(controlFreshness(['user_inventory'], [], at)).toBe('never')
  })

  it('asks nothing of a kind that the source does not offer, and something of the rest', () => {
    const missing = { lastSuccessAt: null, isSettledUnavailable: true }
    const kinds = ['conditional_access_policies', 'security_defaults'] as const
    const some = source('pass', at, { conditional_access_policies: missing }).evidence
    expect(controlFreshness(kinds, some, at)).toBe('fresh')
    const none = source('pass', at, {
      conditional_access_policies: missing,
      security_defaults: missing,
    }).evidence
    expect(controlFreshness(kinds, none, at)).toBe('never')
  })
})

describe('coverage', () => {
  it('is whole where every control passes on fresh evidence, half where it is stale, nothing where it expired', () => {
    const all = source('pass')
    expect(cover([all]).percent).toBe(100)
    expect(cover([all], after(7 * hour)).percent).toBe(50)
    expect(cover([all], after(25 * hour)).percent).toBe(0)
    expect(cover([all], after(25 * hour)).parts).toMatchObject({ passFresh: 0, passStale: 0, passExpired: 6 })
  })

  it('rounds to one decimal', () => {
    expect(cover([source(id => (id === 'AC-02' ? 'fail' : 'pass'))]).percent).toBe(83.3)
    expect(cover([source(id => (id === 'AC-02' ? 'pass' : 'fail'))]).percent).toBe(16.7)
  })

  it('shows its parts and its criteria', () => {
    const mixed = source(id =>
      id === 'AC-02' ? 'fail' : id === 'AC-14' ? 'not_testable' : id === 'AC-16' ? 'no_data' : 'pass',
    )
    const { parts, criteria, percent } = cover([mixed])
    expect(parts).toEqual({ passFresh: 3, passStale: 0, passExpired: 0, fail: 1, notTestable: 1, noData: 1 })
    expect(percent).toBe(50)
    expect(criteria.map(each => [each.criterion, each.percent])).toEqual([
      ['CC2.1', 0],
      ['CC4.1', 0],
      ['CC6.1', 66.7],
      ['CC6.3', 100],
      ['CC6.6', 100],
      ['CC7.2', 0],
    ])
  })

  it('of several directories is that of the worst and the oldest', () => {
    const [one, failing] = [source('pass'), source('fail')]
    const old = source('pass', after(-7 * hour))
    expect(cover([one, failing]).percent).toBe(0)
    expect(cover([one, old]).percent).toBe(50)
  })

  it('of no directory, and of one that was not judged, is no data', () => {
    expect(cover([]).controls[0]).toMatchObject({ verdict: 'no_data', reasons: [{ code: 'no_connection' }] })
    const unjudged = { ...source('pass'), verdicts: [] }
    expect(cover([source('pass'), unjudged]).parts.noData).toBe(6)
  })

  it('follows changes by time alone', () => {
    const changes = [
      { at: after(2 * hour), verdict: 'pass' as const, reasons: [] },
      { at: after(hour), verdict: 'fail' as const, reasons: [] },
    ]
    const timed = {
      ...source('pass'),
      verdicts: controlIds.map(id => ({ ...verdictOf(id, 'pass'), changes })),
    }
    expect([0, 1, 2].map(hours => cover([timed], after(hours * hour)).percent)).toEqual([100, 0, 100])
  })
})

const anyVerdict = fc.constantFrom(...verdicts)
const anyHour = fc.integer({ min: 0, max: 60 })
const instant = (hours: number) => after(hours * hour)

const anySource = fc
  .record({
    id: fc.nat(),
    verdicts: fc.array(anyVerdict, { minLength: 6, maxLength: 6 }),
    ages: fc.array(fc.option(anyHour), { minLength: 6, maxLength: 6 }),
    settled: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  })
  .map(
    (made): CoverageSource => ({
      sourceId: `s${made.id}`,
      verdicts: controlIds.map((id, n) => verdictOf(id, made.verdicts[n] ?? 'no_data')),
      evidence: evidenceKinds.map((kind, n) => {
        const age = made.ages[n] ?? null
        return {
          kind,
          lastSuccessAt: age === null ? null : instant(-age),
          isSettledUnavailable: made.settled[n] ?? false,
        }
      }),
    }),
  )

describe('laws of coverage', () => {
  testLaw(
    'time never raises it unless a verdict changes',
    fc.property(fc.array(anySource, { maxLength: 3 }), anyHour, anyHour, (sources, one, more) => {
      const [sooner, later] = [cover(sources, instant(one)), cover(sources, instant(one + more))]
      expect(later.percent).toBeLessThanOrEqual(sooner.percent)
    }),
    { runs: 100, seconds: 60 },
  )

  testLaw(
    'unknown never counts as a pass, and the parts make the whole',
    fc.property(fc.array(anySource, { maxLength: 3 }), sources => {
      const { controls, parts, percent } = cover(sources)
      for (const control of controls) {
        if (control.verdict !== 'pass' || control.freshness === 'never') expect(control.score).toBe(0)
      }
      expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(controls.length)
      expect(
        Math.abs(percent - (100 * (parts.passFresh + parts.passStale / 2)) / controls.length),
      ).toBeLessThan(0.051)
    }),
    { runs: 100, seconds: 60 },
  )

  testLaw(
    'a further directory never raises it, and their order makes no difference',
    fc.property(fc.array(anySource, { minLength: 1, maxLength: 3 }), anySource, (sources, another) => {
      expect(cover([...sources, another]).percent).toBeLessThanOrEqual(cover(sources).percent)
      expect(cover(sources.toReversed()).percent).toBe(cover(sources).percent)
    }),
    { runs: 100, seconds: 60 },
  )

  it('the worst of verdicts is one of them, and the same however they are grouped and ordered', () => {
    const some = fc.array(anyVerdict, { minLength: 1 })
    fc.assert(
      fc.property(some, some, (one, other) => {
        const worst = worstVerdict([...one, ...other])
        expect([...one, ...other]).toContain(worst)
        expect(worstVerdict([worstVerdict(other), worstVerdict(one)])).toBe(worst)
        expect(worst === 'pass').toBe([...one, ...other].every(verdict => verdict === 'pass'))
      }),
    )
    expect(worstVerdict([])).toBe('no_data')
    expect(worstVerdict(['pass', 'not_testable', 'no_data', 'fail'])).toBe('fail')
    expect(worstVerdict(['pass', 'not_testable', 'no_data'])).toBe('no_data')
    expect(worstVerdict(['pass', 'not_testable'])).toBe('not_testable')
  })
})

/** A history made of what happened hour by hour, kept beside it so that both can be asked. */
const anyHistory = fc
  .array(
    fc.record({
      controlId: fc.constantFrom(...controlIds),
      sourceId: fc.constantFrom('s1', 's2'),
      starts: fc.uniqueArray(anyHour, { minLength: 1, maxLength: 4 }),
      verdicts: fc.array(anyVerdict, { minLength: 4, maxLength: 4 }),
      changeAfter: fc.option(fc.integer({ min: 1, max: 20 })),
    }),
    { maxLength: 12 },
  )
  .chain(rows =>
    fc.record({
      rows: fc.constant(rows),
      successes: fc.array(fc.tuple(fc.constantFrom('s1', 's2'), fc.constantFrom(...evidenceKinds), anyHour), {
        maxLength: 80,
      }),
      scope: fc.record({ s1: anyHour, s2: anyHour }),
      settled: fc.array(fc.tuple(fc.constantFrom('s1', 's2'), fc.constantFrom(...evidenceKinds), anyHour), {
        maxLength: 3,
      }),
    }),
  )
  .map(({ rows, successes, scope, settled }) => ({
    successes,
    history: makeHistory(rows, successes, scope, settled),
  }))

type Success = [sourceId: string, kind: EvidenceKind, hours: number]

function makeHistory(
  rows: {
    controlId: string
    sourceId: string
    starts: number[]
    verdicts: Verdict[]
    changeAfter: number | null
  }[],
  successes: Success[],
  scope: { s1: number; s2: number },
  settled: Success[],
): CoverageHistory {
  const distinctRows = [...new Map(rows.map(row => [`${row.sourceId} ${row.controlId}`, row])).values()]
  return {
    catalogue: version1,
    sources: [
      { sourceId: 's1', from: instant(scope.s1), to: null },
      { sourceId: 's2', from: instant(scope.s2), to: instant(scope.s2 + 20) },
    ],
    verdictRanges: distinctRows.flatMap(({ controlId, sourceId, starts, verdicts: made, changeAfter }) => {
      const sorted = starts.toSorted((one, other) => one - other)
      return sorted.map((start, n) => {
        const next = sorted[n + 1]
        const change = { at: instant(start + (changeAfter ?? 0)), verdict: 'pass' as const, reasons: [] }
        return {
          ...verdictOf(controlId, made[n] ?? 'no_data'),
          changes: changeAfter === null ? [] : [change],
          sourceId,
          from: instant(start),
          to: next === undefined ? null : instant(next),
        }
      })
    }),
    successChains: ['s1', 's2'].flatMap(sourceId =>
      evidenceKinds.flatMap(kind => chainsOf(successes, sourceId, kind)),
    ),
    settledUnavailable: settled.map(([sourceId, kind, hours]) => ({
      sourceId,
      kind,
      from: instant(hours),
      to: instant(hours + 9),
    })),
  }
}

function chainsOf(successes: Success[], sourceId: string, kind: EvidenceKind) {
  const hours = successes.filter(each => each[0] === sourceId && each[1] === kind).map(each => each[2])
  const chains: { sourceId: string; kind: EvidenceKind; firstAt: Date; lastAt: Date }[] = []
  for (const success of hours.toSorted((one, other) => one - other).map(instant)) {
    const last = chains.at(-1)
    if (last !== undefined && success.getTime() - last.lastAt.getTime() <= 6 * hour) last.lastAt = success
    else chains.push({ sourceId, kind, firstAt: success, lastAt: success })
  }
  return chains
}

describe('coverage over time', () => {
  const frame = { from: instant(5), to: instant(80) }

  testLaw(
    'has at every instant the value that coverage has at that instant, told from single successes',
    fc.property(
      anyHistory,
      fc.integer({ min: 5 * hour, max: 80 * hour }),
      fc.boolean(),
      ({ history, successes }, offset, isSharp) => {
        // Half of the time exactly on the hour, where things change; half of the time anywhere.
        const now = after(isSharp ? Math.round(offset / hour) * hour : offset)
        const known = historyReader(history)(now)
        const sources = known.sources.map(each => ({
          ...each,
          evidence: each.evidence.map(evidence => {
            const past = successes
              .filter(([sourceId, kind]) => sourceId === each.sourceId && kind === evidence.kind)
              .map(success => instant(success[2]))
              .filter(success => success <= now)
            const lastSuccessAt = past.length === 0 ? null : new Date(Math.max(...past.map(Number)))
            return { ...evidence, lastSuccessAt }
          }),
        }))
        const step = coverageTimeline({ ...history, ...frame }).findLast(breakpoint => breakpoint.at <= now)
        expect(step?.value).toBe(cover(sources, now).percent)
      },
    ),
    { runs: 500, seconds: 60 },
  )

  testLaw(
    'starts with the frame, rises in time and never repeats a value',
    fc.property(anyHistory, ({ history }) => {
      const steps = coverageTimeline({ ...history, ...frame })
      expect(steps[0]?.at).toEqual(frame.from)
      steps.slice(1).forEach((step, n) => {
        expect(step.at > (steps[n]?.at ?? step.at)).toBe(true)
        expect(step.at <= frame.to).toBe(true)
        expect(step.value).not.toBe(steps[n]?.value)
      })
    }),
    { runs: 100, seconds: 60 },
  )

  it('falls by itself when the successes stop', () => {
    const history: CoverageHistory = {
      catalogue: version1,
      sources: [{ sourceId: 's1', from: at, to: null }],
      verdictRanges: controlIds.map(id => ({ ...verdictOf(id, 'pass'), sourceId: 's1', from: at, to: null })),
      successChains: evidenceKinds.map(kind => ({ sourceId: 's1', kind, firstAt: at, lastAt: instant(10) })),
      settledUnavailable: [],
    }
    expect(coverageTimeline({ ...history, from: instant(-1), to: instant(60) })).toEqual([
      { at: instant(-1), value: 0 },
      { at, value: 100 },
      { at: after(16 * hour + 1), value: 50 },
      { at: after(34 * hour + 1), value: 0 },
    ])
  })
})

describe('outages', () => {
  const chain = (from: number, to: number, kind: EvidenceKind = 'user_inventory') => ({
    sourceId: 's1',
    kind,
    firstAt: instant(from),
    lastAt: instant(to),
  })
  const find = (more: Partial<Parameters<typeof outages>[0]>) =>
    outages({
      from: at,
      to: instant(100),
      connections: [{ sourceId: 's1', from: at, to: null }],
      kinds: ['user_inventory'],
      successChains: [],
      settledUnavailable: [],
      ...more,
    })

  it('run from the threshold after the last success to the next success, or on', () => {
    expect(find({ successChains: [chain(1, 20), chain(40, 90)] })).toEqual([
      { from: instant(26), to: instant(40) },
      { from: instant(96), to: instant(100) },
    ])
  })

  it('count from the connection’s start where there never was a success, and end with it', () => {
    expect(find({ connections: [{ sourceId: 's1', from: at, to: instant(50) }] })).toEqual([
      { from: instant(6), to: instant(50) },
    ])
  })

  it('of several kinds are one where they overlap', () => {
    const kinds = ['user_inventory', 'security_defaults'] as const
    const successChains = [
      chain(0, 10),
      chain(30, 100),
      chain(0, 15, 'security_defaults'),
      chain(35, 100, 'security_defaults'),
    ]
    expect(find({ kinds, successChains })).toEqual([{ from: instant(16), to: instant(35) }])
  })

  it('leave out what was settled not to come', () => {
    const settledUnavailable = [
      { sourceId: 's1', kind: 'user_inventory' as const, from: instant(10), to: instant(20) },
    ]
    expect(find({ settledUnavailable })).toEqual([
      { from: instant(6), to: instant(10) },
      { from: instant(20), to: instant(100) },
    ])
    expect(
      find({ settledUnavailable: [{ sourceId: 's1', kind: 'user_inventory', from: at, to: null }] }),
    ).toEqual([])
  })
})
