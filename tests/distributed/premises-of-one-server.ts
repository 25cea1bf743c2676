/** Test files that cannot hold on a cluster, and why. `npm run test:distributed` names them; on one PostgreSQL they run. */
export const premisesOfOneServer: Readonly<Record<string, string>> = {
  'tests/isolation/mutations.test.ts':
    'weakens the schema in every way inside one transaction that is undone; a cluster refuses most of these statements. The walls of shards: tests/distributed/walls.test.ts.',
  'tests/isolation/catalog.test.ts':
    "holds every object of the database to the rules, and Citus's own are among them. The walls of shards: tests/distributed/walls.test.ts.",
  'tests/integration/distribute.test.ts': 'is about a database without Citus.',
  'tests/integration/ledger-position.test.ts':
    'waits for a row lock that it looks up on the one server; on a cluster it is held on a worker.',
}
