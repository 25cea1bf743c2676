import postgres from 'postgres'
import { readCatalogue } from './catalogue.ts'
import { DistributionRefused } from './distribution-refused.ts'
import { planDistribution } from './plan.ts'
import { planLines, stepName } from './plan-text.ts'
import { runStep } from './run-step.ts'
import { readWalls, wallProblems } from './walls.ts'

export interface DistributeOptions {
  /** How many migrations this build has. */
  knownMigrations: number
  /** Print the plan and change nothing. */
  isDryRun: boolean
  /** Shards of each table. Organizations are spread over them, and one shard is the least that can be moved. */
  shards: number
  print: (line: string) => void
}

/**
 * Turns the database into a distributed one with its rows in place. Each step is a transaction, and is looked up in the
 * catalogues: run again after an interruption at any point it goes on where it stood.
 * @param adminUrl the coordinator, as a superuser
 * @throws {DistributionRefused} where something is missing, and nothing was changed then; or where a step was undone
 */
export async function distribute(adminUrl: string, options: DistributeOptions): Promise<void> {
  const { knownMigrations, isDryRun, shards, print } = options
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined })
  try {
    await admin`select pg_advisory_lock(hashtext('attestry:migrate'))`
    const answer = planDistribution(await readCatalogue(admin), knownMigrations)
    if ('refusals' in answer)
      throw new DistributionRefused(
        ['The database was not distributed, and nothing was changed:', ...answer.refusals].join('\n- '),
      )
    for (const line of planLines(answer.plan)) print(line)
    if (isDryRun) return
    for (const step of answer.plan.steps)
      if (!step.isDone) print(`${stepName(step)}: ${await runStep(admin, step, shards)}`)
    const problems = wallProblems(await readWalls(admin))
    if (problems.length > 0)
      throw new DistributionRefused(['Shards keep less than their tables:', ...problems].join('\n- '))
    print('Policies, grants and triggers of every shard are those of its table.')
    print(
      'The database is distributed. Start web and workers anew: open connections do not pass their organization on.',
    )
  } finally {
    await admin.end()
  }
}
