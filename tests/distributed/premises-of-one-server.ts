/** Test files that cannot hold on a cluster, and why. `npm run test:distributed` names them; on one PostgreSQL they run. */
export const premisesOfOneServer: Readonly<Record<string, string>> = {
  'tests/isolation/mutations.test.ts':
    'weakens the schema in every way inside one transaction that is undone; a cluster refuses most of these statements. The walls of shards: tests/distributed/walls.test.ts.',
  'tests/isolation/catalog.test.ts':
    "holds every object of the database to the rules, and Citus's own are among them. The walls of shards: tests/distributed/walls.test.ts.",
  'tests/integration/population-memory.test.ts':
    'fills a population by one statement with inserts in its parts, which a cluster refuses. What it measures is memory of the process that reads.',
  'tests/integration/distribute.test.ts': 'is about a database without Citus.',
}
