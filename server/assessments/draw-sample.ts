import { randomBytes } from 'node:crypto'
import { createSampler, type Drawn, sampleAlgorithm } from '../domain/assessment/sample.ts'
import { AppError } from '../errors.ts'
import { sha256Hex } from '../ledger/canonical.ts'
import { newId } from '../ledger/ids.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import {
  type AskedPopulation,
  controlPopulation,
  type MeasuredPopulation,
  type PopulationMember,
  populationAttachment,
  populationMeter,
} from './control-population.ts'
import { attachmentsOf, visibleAssessment } from './visible-assessments.ts'

/**
 * Draws a sample of a control's population and records what it follows from. The same seed draws the same, whoever draws.
 * @param asked an empty seed has one made by chance
 * @throws {AppError} not_found; precondition_failed where the control has no population, or nobody is in it
 */
export async function drawSample(
  services: Pick<Services, 'ledger' | 'database'>,
  access: Access,
  asked: { assessmentId: string; controlId: string; attachmentId: string; size: number; seed: string },
): Promise<{ sampleId: string }> {
  const { organizationId, userId } = access
  const { assessmentId, controlId, size } = asked
  const attachment = await services.ledger.query(
    organizationId,
    { kind: 'now' },
    async (transaction, { position }) => {
      const row = await visibleAssessment(transaction, access, position, assessmentId)
      requireInScope(row.controls, controlId)
      return populationAttachment(
        await attachmentsOf(transaction, organizationId, position, assessmentId),
        asked,
      )
    },
  )
  const seed = asked.seed || randomBytes(8).toString('hex')
  const { population } = await drawFrom(services, { organizationId, controlId, attachment }, { seed, size })
  if (population.included === 0) throw nobodyThere(controlId)
  const sampleId = newId()
  await services.ledger.command(organizationId, `user:${userId}`, async unit => {
    const { attachmentId, evidenceId, sourceId, kind, fingerprint, instant, position } = attachment
    await unit.append({ type: 'sample', id: sampleId }, 0, [
      {
        type: 'SampleDrawn',
        payload: {
          sampleId,
          assessmentId,
          controlId,
          attachmentId,
          evidenceId,
          sourceId,
          kind,
          fingerprint,
          instant: instant.toISOString(),
          position,
          population: { count: population.included, root: population.root },
          size,
          seed,
          algorithm: sampleAlgorithm,
        },
      },
    ])
  })
  return { sampleId }
}

/** @throws {AppError} not_found for a control that the assessment does not look at */
export function requireInScope(controls: readonly string[], controlId: string): void {
  if (controls.includes(controlId)) return
  throw new AppError('not_found', 'the control is not in scope', {
    userMessage: 'This control is not in the scope of the assessment.',
  })
}

/** Draws once more, or for the first time: the population passes by, and only what is drawn is kept. */
export async function drawFrom(
  services: Pick<Services, 'database'>,
  asked: AskedPopulation,
  { seed, size }: { seed: string; size: number },
): Promise<{ drawn: readonly Drawn<PopulationMember>[]; population: MeasuredPopulation }> {
  const sampler = createSampler<PopulationMember>({ seed, size, sha256Hex })
  const meter = populationMeter()
  for await (const members of controlPopulation(services, asked)) {
    for (const member of members) {
      meter.add(member)
      if (member.standing.isIncluded) sampler.add(member.subjectKey, member)
    }
  }
  return { drawn: sampler.drawn(), population: meter.measured() }
}

const nobodyThere = (controlId: string) =>
  new AppError('precondition_failed', 'an empty population', {
    userMessage: `Nobody and nothing is in the population of ${controlId} at that moment: there is nothing to draw.`,
  })
