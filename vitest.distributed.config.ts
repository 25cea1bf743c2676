import { defineConfig } from 'vitest/config'
import { premisesOfOneServer } from './tests/distributed/premises-of-one-server.ts'

/**
 * The suites that `npm run test:distributed` runs on a given server: on a cluster with those of tests/distributed and
 * without what needs one PostgreSQL, on one PostgreSQL as they are.
 */
const isCluster = process.env.ATTESTRY_TEST_CLUSTER === '1'

export default defineConfig({
  test: {
    include: [
      'tests/integration/**/*.test.ts',
      'tests/isolation/**/*.test.ts',
      ...(isCluster ? ['tests/distributed/**/*.test.ts'] : []),
    ],
    exclude: isCluster ? Object.keys(premisesOfOneServer) : [],
    globalSetup: ['tests/support/global-setup.ts'],
    setupFiles: ['tests/support/setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // As in vitest.config.ts: no file replaces modules.
    isolate: false,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
})
