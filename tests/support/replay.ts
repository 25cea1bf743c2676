import postgres from 'postgres'
import { afterAll } from 'vitest'
import { replay } from '../../server/ledger/read.ts'
import { project } from '../../server/projections/project.ts'
import type { Scene } from './seed.ts'
import { workingTables } from './table-classes.ts'
import { type BoundTable, tenantTables } from './tenant-tables.ts'

/** Empties the projections of one organization and replays its events into them. */
export function useReplay({ db, services }: Pick<Scene, 'db' | 'services'>) {
  const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined })
  afterAll(() => admin.end())
  const projections = async () =>
    (await tenantTables(admin)).filter(
      ({ name, table }) => name.startsWith('state.') && !workingTables.includes(table),
    )
  return {
    /** Rows and a digest over all of them, by table. */
    async digests(organizationId: string) {
      const answers = new Map<string, { rows: number; digest: string }>()
      for (const { name } of await projections()) {
        const [row] = await admin.unsafe<{ rows: number; digest: string }[]>(
          `select count(*)::int as rows, coalesce(md5(string_agg(t::text, e'\\n' order by t::text)), '') as digest
             from ${name} t where t.organization_id = '${organizationId}'`,
        )
        if (row) answers.set(name, { ...row })
      }
      return answers
    },

    async rebuild(organizationId: string) {
      const tables: readonly BoundTable[] = await projections()
      await services.database.withOrganization(organizationId, async transaction => {
        for (const { name } of tables) {
          await transaction.execute(`delete from ${name} where organization_id = '${organizationId}'`)
        }
        const upTo = Number.MAX_SAFE_INTEGER
        for await (const page of replay(transaction, organizationId, { upTo }))
          await project(transaction, page)
      })
    },
  }
}
