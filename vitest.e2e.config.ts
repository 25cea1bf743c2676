import { defineConfig } from 'vitest/config'

/** A real browser against the real processes: one after another, with the demo as it starts. */
export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
})
