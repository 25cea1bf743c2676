import { type Reducer, succeeded } from './reducer.ts'
import type { SampleRow } from './rows.ts'

/** The samples that were drawn. One is never taken back. */
export const sampleReducer: Reducer<SampleRow> = {
  change(event) {
    if (event.type !== 'SampleDrawn') return null
    const { position, recordedAt, actor, payload } = event
    const { sampleId, assessmentId, controlId, attachmentId, population, size, seed, algorithm } = payload
    const row: SampleRow = {
      id: sampleId,
      fromPosition: position,
      toPosition: null,
      assessmentId,
      controlId,
      attachmentId,
      populationCount: population.count,
      populationRoot: population.root,
      size,
      seed,
      algorithm,
      drawnBy: actor,
      drawnAt: recordedAt,
    }
    return { subject: [sampleId], rows: newest => succeeded(newest, position, () => row) }
  },
  subject: ['id'],
  begin: 'fromPosition',
}
