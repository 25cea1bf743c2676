import { z } from 'zod'
import type { ControlCoverage, Coverage } from '../domain/coverage/coverage.ts'
import type { ExceptionRisk } from '../export/oscal/risks.ts'
import { canonicalText } from '../ledger/canonical.ts'
import type { Container } from './container.ts'
import { DoesNotHold } from './finding.ts'
import { wordsOf } from './manifest.ts'

const path = 'oscal/assessment-results.json'
const mostBytes = 64 * 1024 * 1024

const propsSchema = z.array(z.looseObject({ name: z.string(), value: z.string() })).optional()

const assessmentSchema = z.looseObject({
  'assessment-results': z.looseObject({
    results: z.tuple([
      z.looseObject({
        props: propsSchema,
        observations: z.array(z.looseObject({ props: propsSchema })).optional(),
        risks: z.array(z.looseObject({ uuid: z.string(), props: propsSchema })).optional(),
        findings: z
          .array(
            z.looseObject({
              props: propsSchema,
              target: z.looseObject({
                'target-id': z.string(),
                status: z.looseObject({ state: z.string() }),
              }),
            }),
          )
          .optional(),
      }),
    ]),
  }),
})

/**
 * OSCAL’s findings say of each control what was computed anew: satisfied, not satisfied, or neither, with the verdict;
 * its risks are the exceptions that count or wait.
 * @throws {DoesNotHold}
 */
export function checkAssessmentResults(
  container: Container,
  coverage: Coverage,
  borne: readonly ExceptionRisk[],
): { controls: number } {
  const {
    'assessment-results': {
      results: [result],
    },
  } = parse(container.read(path, mostBytes).toString('utf8'))
  const open = (result.observations ?? []).filter(each => propOf(each.props, 'control-id') !== undefined)
  const findings = result.findings ?? []
  for (const control of coverage.controls) {
    const { controlId } = control
    const found = findings.filter(finding => finding.target['target-id'] === controlId)
    const unsettled = open.filter(each => propOf(each.props, 'control-id') === controlId)
    const [told] = [...found, ...unsettled]
    if (!told || found.length + unsettled.length !== 1) {
      throw new DoesNotHold(
        `${controlId} should be told of once, and is ${found.length + unsettled.length} times.`,
        {
          path,
        },
      )
    }
    const state = found[0]?.target.status.state ?? 'open'
    if (state !== stateOf(control) || !hasProps(told.props, control)) {
      throw new DoesNotHold(`What is said of ${controlId} is not what the events lead to.`, { path })
    }
  }
  if (findings.length + open.length !== coverage.controls.length) {
    throw new DoesNotHold('There is a finding of a control that the catalogue does not have.', { path })
  }
  if (propOf(result.props, 'coverage-percent') !== String(coverage.percent)) {
    throw new DoesNotHold('The coverage is not what the events lead to.', { path })
  }
  checkRisks(result.risks ?? [], borne)
  return { controls: coverage.controls.length }
}

/** Each exception that counts or waits has its risk, word for word, and there are no others. */
function checkRisks(
  risks: readonly { uuid: string; props?: Props }[],
  borne: readonly ExceptionRisk[],
): void {
  for (const { exceptionId, risk } of borne) {
    const told = risks.filter(({ props }) => propOf(props, 'exception-id') === exceptionId)
    const [{ uuid: _, ...said } = {}] = told
    if (told.length !== 1 || canonicalText(said) !== canonicalText(risk)) {
      throw new DoesNotHold(`The risk of exception ${exceptionId} is not what the events lead to.`, { path })
    }
  }
  if (risks.length !== borne.length) {
    throw new DoesNotHold('There is a risk of an exception that neither counts nor waits.', { path })
  }
}

function parse(text: string) {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new DoesNotHold('The file is no JSON.', { path })
  }
  const parsed = assessmentSchema.safeParse(value)
  if (!parsed.success)
    throw new DoesNotHold(`The file is not of its form: ${wordsOf(parsed.error)}.`, { path })
  return parsed.data
}

type Props = z.infer<typeof propsSchema>

const propOf = (props: Props, name: string) => props?.find(prop => prop.name === name)?.value

/** OSCAL knows satisfied and not satisfied; a pass counts only on evidence that has not expired. */
function stateOf({ verdict, freshness }: ControlCoverage): string {
  if (verdict === 'fail') return 'not-satisfied'
  return verdict === 'pass' && (freshness === 'fresh' || freshness === 'stale') ? 'satisfied' : 'open'
}

const hasProps = (props: Props, { verdict, freshness, score }: ControlCoverage) =>
  propOf(props, 'verdict') === verdict &&
  propOf(props, 'freshness') === freshness &&
  propOf(props, 'coverage-score') === String(score)
