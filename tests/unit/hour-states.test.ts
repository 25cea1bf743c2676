import { describe, expect, it } from 'vitest'
import { type HourInput, hourStates, worstHour } from '../../server/coverage/hour-states.ts'

const minute = 60_000
const hour = 60 * minute
const start = new Date('2026-03-02T00:00:00Z')
const at = (hours: number, minutes = 0) => new Date(start.getTime() + hours * hour + minutes * minute)

const run = (hours: number, outcome: string, reason: string | null = null) => ({
  startedAt: at(hours, 20),
  outcome,
  reason,
})

const states = (more: Partial<HourInput>) =>
  hourStates({
    from: start,
    hours: 4,
    until: at(4),
    lives: [{ from: at(-10), to: null, minute: 20 }],
    found: [],
    failedRuns: [],
    finishedRuns: [],
    ...more,
  })

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
    expect(states({ failedRuns: [at(1, 21)] })).toEqual(['missing', 'failed', 'missing', 'missing'])
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

  it('is no better than the worst of several sources', () => {
    expect(worstHour(['collected', 'missing'])).toBe('missing')
    expect(worstHour(['failed', 'missing'])).toBe('failed')
    expect(worstHour(['none', 'reaffirmed'])).toBe('reaffirmed')
    expect(worstHour([])).toBe('none')
  })
})
