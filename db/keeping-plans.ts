import { sql } from 'drizzle-orm'
import type { Transaction } from './client.ts'

/**
 * Has PostgreSQL keep the plans of what it does for each row that `work` writes, foreign keys above all: under the
 * setting of {@link Database.withOrganization} the look-up of each row's key would be planned anew, which takes several
 * times longer than the look-up. A plan that was made while the table was small still serves when it is large, since
 * it has to use an index.
 */
export async function keepingPlans<T>(transaction: Transaction, work: () => Promise<T>): Promise<T> {
  await transaction.execute(
    sql`select set_config('plan_cache_mode', 'auto', true), set_config('enable_seqscan', 'off', true)`,
  )
  const result = await work()
  // Where the work fails, the settings go with the transaction.
  await transaction.execute(
    sql`select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'on', true)`,
  )
  return result
}
