/** The folders are the dependency direction: what may reach what. Types count as well, but for cycles. */
const browserTypes = '^server/(trpc/|domain/plots/)'
const pureLibraries = '^node_modules/(@types/)?(zod|d3-scale|d3-shape)/'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two modules that need each other are one module, or three.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'app-knows-types-only',
      comment:
        'Procedures come in through the load context: a second copy of pools and caches would be built in.',
      severity: 'error',
      from: { path: '^app/' },
      to: { path: '^(server|db|jobs)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'app-knows-procedures',
      comment: 'Of the server, pages know the types of procedures and of plots.',
      severity: 'error',
      from: { path: '^app/' },
      to: { path: '^(server|db|jobs)/', pathNot: browserTypes },
    },
    {
      name: 'domain-knows-itself',
      comment: 'Rules and decisions are pure: no input, output, clock, chance or framework.',
      severity: 'error',
      from: { path: '^server/domain/' },
      to: { pathNot: `^server/domain/|${pureLibraries}` },
    },
    {
      name: 'folds-are-pure',
      comment:
        'What stands after an event is told without a database: the verifier of an export folds as well.',
      severity: 'error',
      from: { path: ['^server/projections/fold/', '^server/coverage/fold-coverage'] },
      to: {
        pathNot: `^server/(domain/|projections/fold/|ledger/(recorded-event|canonical)\\.ts$)|${pureLibraries}`,
      },
    },
    {
      name: 'sources-behind-their-contract',
      comment:
        'A connector is known to the composition root alone, and its declaration to the verifier’s; all else goes through connectors/contract.ts.',
      severity: 'error',
      from: {
        path: '^(app|server|jobs|db)/',
        pathNot: '^server/(connectors/[^/]+/|compose\\.ts$|verifier/declarations\\.ts$)',
      },
      to: { path: '^server/connectors/[^/]+/' },
    },
    {
      name: 'libraries-of-a-source-in-its-connector',
      severity: 'error',
      from: { pathNot: '^(server/connectors/entra|tests|sandbox)/' },
      to: { path: '^node_modules/(@azure/|@microsoft/)' },
    },
    {
      name: 'db-knows-nothing-of-ours',
      severity: 'error',
      from: { path: '^db/' },
      to: { path: '^(app|server|jobs|sandbox|scripts|tests|vite)/' },
    },
    {
      name: 'server-knows-db',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^(app|jobs|scripts|tests|vite)/' },
    },
    {
      name: 'jobs-know-server-and-db',
      severity: 'error',
      from: { path: '^jobs/' },
      to: { path: '^(app|scripts|tests|vite)/' },
    },
    {
      name: 'sandbox-knows-server-jobs-and-db',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^(app|scripts|tests|vite)/' },
    },
    {
      name: 'product-without-sandbox',
      comment:
        'Stand-ins are reached by tests and by scripts that start them, never by what runs in production.',
      severity: 'error',
      from: { pathNot: '^(sandbox|tests|scripts)/' },
      to: { path: '^sandbox/' },
    },
    {
      name: 'product-without-tests',
      severity: 'error',
      from: { pathNot: '^(tests|scripts)/' },
      to: { path: '^tests/' },
    },
    {
      name: 'product-without-development-packages',
      comment: 'What production runs is installed with it.',
      severity: 'error',
      from: { path: '^(app|server|jobs|db)/', pathNot: '^db/embedded' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: '^node_modules/@types/',
      },
    },
    {
      name: 'verifier-stands-alone',
      comment:
        'What an auditor runs knows neither database nor network, and no package but zod. Its build is tested, too.',
      severity: 'error',
      from: { path: '^server/verifier/' },
      to: {
        path: '^(app|db|jobs)/|^server/(auth|http|trpc|vault|mail|queue|services)|^node_modules/|^(net|tls|http|https|dns|dgram)',
        pathNot: '^node_modules/(@types/|zod/)',
      },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: '^node_modules/' },
    exclude: { path: '^(build|node_modules/\\.cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
