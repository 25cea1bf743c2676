import { describe, expect, it } from 'vitest'
import { type HourInput, hourFindings, notDue, worstHour } from '../../server/coverage/hour-findings.ts'
import type { HourState } from '../../server/domain/plots/gap-strip.ts'

const minute = 60_000
const hour = 60 * minute
const start = new Date('2026-03-02T00:00:00Z')
const at = (hours: number, minutes = 0) => new Date(start.getTime() + hours * hour + minutes * minute)

const run = (hours: number, outcome: string, reason: string | null = null) => ({
  startedAt: at(hours, 20),
  runId: `run ${hours}`,
  outcome,
  reason,
  explanation: reason && `It was ${reason}.`,
})

const findings = (more: Partial<HourInput>) =>
  hourFindings({
    from: start,
    hours: 4,
    until: at(4),
    lives: [{ from: at(-10), to: null, minute: 20 }],
    found: [],
    failedRuns: [],
    finishedRuns: [],
    waits: [],
    covered: null,
    ...more,
  })
const states = (more: Partial<HourInput>) => findings(more).map(({ state }) => state)

describe('an hour', () => {
  it('is what the runs that began in it found, the best of them where there were several', () => {
    const found = [
      run(0, 'collected'),
      run(1, 'unavailable', 'throttled'),
      run(1, 'reaffirmed'),
      run(2, 'unavailable', 'licence'),
      run(3, 'unavailable', 'malformed'),
    ]
    expect(states({ found })).toEqual(['collected', 'reaffirmed', 'unreadable', 'failed'])
  })

  it('is failed where a run ended without coming to any kind', () => {
    const failedRuns = [{ startedAt: at(1, 21), runId: 'r', explanation: 'The key service does not answer.' }]
    expect(states({ failedRuns })).toEqual(['missing', 'failed', 'missing', 'missing'])
    expect(findings({ failedRuns })[1]).toEqual({
      state: 'failed',
      why: 'The key service does not answer.',
      runId: 'r',
    })
  })

  it('is missing where a run was due and none began', () => {
    expect(states({})).toEqual(['missing', 'missing', 'missing', 'missing'])
  })

  it('is not missing before the connection, after its end, or before its own minute has come', () => {
    expect(states({ lives: [{ from: at(1, 30), to: null, minute: 20 }] })).toEqual([
      'none',
      'none',
      'missing',
      'missing',
    ])
    expect(states({ lives: [{ from: at(-1), to: at(2, 10), minute: 20 }] })).toEqual([
      'missing',
      'missing',
      'none',
      'none',
    ])
    expect(states({ until: at(3, 24) })).toEqual(['missing', 'missing', 'missing', 'none'])
    expect(states({ until: at(3, 25) })).toEqual(['missing', 'missing', 'missing', 'missing'])
  })

  it('is not missing where a run ended less than half an hour before its minute', () => {
    expect(states({ finishedRuns: [at(0, 55)] })).toEqual(['missing', 'none', 'missing', 'missing'])
    expect(states({ finishedRuns: [at(0, 50)] })).toEqual(['missing', 'missing', 'missing', 'missing'])
  })

  it('says why nothing came, and which run tells', () => {
    const found = [run(1, 'unavailable', 'throttled'), run(2, 'unavailable', 'licence'), run(3, 'collected')]
    const waits = [{ from: at(0, 10), to: at(0, 30), explanation: 'The client secret has expired.' }]
    expect(findings({ found, waits })).toEqual([
      {
        state: 'missing',
        why: 'No sync began: the connection waited for a person. The client secret has expired.',
        runId: null,
      },
      { state: 'failed', why: 'It was throttled.', runId: 'run 1' },
      { state: 'unreadable', why: 'It was licence.', runId: 'run 2' },
      { state: 'collected', why: null, runId: 'run 3' },
    ])
    expect(findings({})[2]).toEqual({ state: 'missing', why: 'No sync began in this hour.', runId: null })
  })

  it('of a feed is no gap once a later window covers all of it', () => {
    const found = [run(0, 'unavailable', 'throttled'), run(3, 'collected')]
    const covered = [{ from: at(0), to: at(1, 59) }]
    expect(states({ found, covered })).toEqual(['caught_up', 'missing', 'missing', 'collected'])
    expect(findings({ found, covered })[0]?.why).toBe('It was throttled. A later sync read this hour.')
  })

  it('is no better than the worst of several sources', () => {
    const worst = (...among: HourState[]) => worstHour(among.map(state => ({ ...notDue, state }))).state
    expect(worst('collected', 'missing')).toBe('missing')
    expect(worst('failed', 'missing')).toBe('failed')
    expect(worst('caught_up', 'collected')).toBe('caught_up')
    expect(worst('none', 'reaffirmed')).toBe('reaffirmed')
    expect(worst()).toBe('none')
  })
})
