import { onePage, type SavedFile, tableFile } from '../export/table-file.ts'
import type { AsOf } from '../ledger/position-at.ts'
import type { Access } from '../members/resolve-access.ts'
import type { ControlList } from './list-controls.ts'

/** Every control with its verdict and what made it. */
export const controlsFile = (access: Access, asOf: AsOf, { criteria }: ControlList): SavedFile =>
  tableFile(access, asOf, {
    title: 'Controls',
    columns: [
      ['Control', control => control.id],
      ['Title', control => control.title],
      ['Criteria', control => control.criteria.join(' ')],
      ['Verdict', control => control.words],
      ['Evidence', control => control.freshness],
      ['Because', control => control.because],
      ['In scope', control => control.population.inScope],
      ['Passing', control => control.population.pass],
      ['Failing', control => control.population.fail],
      ['Unknown', control => control.population.noData],
      ['Out of scope because', control => control.outOfScope?.reason ?? null],
    ],
    pages: onePage(criteria.flatMap(({ controls }) => controls)),
  })
