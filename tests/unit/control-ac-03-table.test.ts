import { describe, expect, it } from 'vitest'
import { reasonSchema } from '../../server/domain/control/judgement.ts'
import { judgeAc03 } from '../../server/domain/control/rules/ac-03.ts'
import { explainReason } from '../../server/domain/control/words.ts'
import { subjectText } from '../../server/domain/exception/subject.ts'
import { type PolicySet, policySets } from './control-ac-03-table.ts'
import { securityDefaults } from './control-facts.ts'

function judge([, policies, , , exceptions = []]: PolicySet) {
  const known = new Set(exceptions.map(subjectText))
  const excepted = {
    isExcepted: (subject: Parameters<typeof subjectText>[0]) => known.has(subjectText(subject)),
  }
  return judgeAc03({ policies, securityDefaults: securityDefaults(false), excepted })
}

/** What made the verdict, in short: an exclusion by kind and id, an overlap by its ids, anything else by its code. */
const namesOf = (set: PolicySet): string[] =>
  judge(set)
    .reasons.filter(({ verdict }) => verdict === 'fail' || verdict === 'no_data')
    .map(({ code, detail }) => {
      if (code === 'exclusion_not_covered') return `${detail.exclusionKind}:${detail.exclusionId}`
      if (code === 'exclusions_overlap') return [detail.exclusionIds].flat().join('+')
      return code
    })

const sets = policySets.map(set => [set[0], set] as const)

describe('AC-03 says of policies what a reviewer would say', () => {
  it('of at least ninety sets, each another', () => {
    expect(new Set(policySets.map(([sentence]) => sentence)).size).toBe(policySets.length)
    expect(policySets.length).toBeGreaterThanOrEqual(90)
  })

  it.each(sets)('%s', (_, set) => {
    const [, , verdict, named = []] = set
    expect([judge(set).verdict, namesOf(set)]).toEqual([verdict, named])
  })

  it.each(sets)('in any order of the policies, well formed and in words: %s', (_, set) => {
    const [sentence, policies, ...rest] = set
    const judged = judge(set)
    expect(judge([sentence, [...policies].reverse(), ...rest])).toEqual(judged)
    const { inScope, pass, fail, noData } = judged.population
    expect(pass + fail + noData).toBeLessThanOrEqual(inScope)
    for (const reason of judged.reasons) {
      expect(reasonSchema.parse(reason)).toEqual(reason)
      expect(explainReason(reason).text).toMatch(/^[A-Z0-9].*\.$/)
      expect(explainReason(reason).text).not.toContain('_')
    }
  })

  it('of a policy for guests of named organizations that it covers no others', () => {
    const set = policySets.find(([sentence]) => sentence.startsWith('all guests of a type are not covered'))
    const said = set ? judge(set).reasons.filter(({ verdict }) => verdict === 'advice') : []
    expect(said.map(reason => explainReason(reason).text).join()).toMatch(/guests of named organizations/)
  })
})
