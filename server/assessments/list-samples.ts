import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { sample } from '../../db/schema/state.ts'
import { deletedAccount, namesOfPeople, personOf } from '../members/person-names.ts'
import { holdsAt } from '../projections/range.ts'
import type { Services } from '../services.ts'

/** A sample that was drawn, without whom it holds. */
export interface ListedSample {
  sampleId: string
  controlId: string
  attachmentId: string
  populationCount: number
  populationRoot: string
  size: number
  seed: string
  algorithm: number
  drawnAt: Date
  drawnAtPosition: number
  drawnBy: string
}

/** The samples of an assessment as of a position, the latest first. */
export async function samplesOf(
  { database }: Pick<Services, 'database'>,
  transaction: Transaction,
  organizationId: string,
  position: number,
  assessmentId: string,
): Promise<ListedSample[]> {
  const rows = await transaction
    .select()
    .from(sample)
    .where(and(holdsAt(sample, organizationId, position), eq(sample.assessmentId, assessmentId)))
  const names = await namesOfPeople(
    database,
    rows.flatMap(row => personOf(row.drawnBy) ?? []),
  )
  return rows
    .sort((one, other) => other.fromPosition - one.fromPosition)
    .map(({ id, controlId, attachmentId, populationCount, populationRoot, size, seed, ...row }) => ({
      sampleId: id,
      controlId,
      attachmentId,
      populationCount,
      populationRoot,
      size,
      seed,
      algorithm: row.algorithm,
      drawnAt: row.drawnAt,
      drawnAtPosition: row.fromPosition,
      drawnBy: names.get(personOf(row.drawnBy) ?? '') ?? deletedAccount,
    }))
}
