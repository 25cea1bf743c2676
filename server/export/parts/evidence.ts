import { sql } from 'drizzle-orm'
import { deltaLines, itemLines, purgedLines, rowLines } from '../evidence-lines.ts'
import { linesFile, linesFiles } from '../json-lines.ts'
import type { Part } from '../part.ts'

/** Evidence rows, what each of them changed, and the items that are named, or what became of their bodies. */
export const evidencePart: Part = {
  name: 'evidence',
  async write({ services, scope, add, done }) {
    async function* counted(pages: AsyncIterable<string[]>) {
      for await (const page of pages) {
        yield page
        done(page.length)
      }
    }
    await services.database.withOrganization(scope.organizationId, async transaction => {
      // A purge between the items and the list of the purged ones would put an item into both, or into neither.
      await transaction.execute(sql`set transaction isolation level repeatable read, read only`)
      await add(linesFile('evidence/rows.jsonl.gz', counted(rowLines(transaction, scope))))
      await add(linesFile('evidence/deltas.jsonl.gz', counted(deltaLines(transaction, scope))))
      const items = counted(itemLines(transaction, scope))
      for await (const file of linesFiles('evidence/items', items)) await add(file)
      await add(linesFile('evidence/purged.jsonl.gz', counted(purgedLines(transaction, scope))))
    })
  },
}
