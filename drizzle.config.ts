import { defineConfig } from 'drizzle-kit'

/** Tables' migrations are generated from db/schema; policies, triggers and functions are written by hand beside them. */
export default defineConfig({
  dialect: 'postgresql',
  schema: ['accounts', 'ledger', 'log', 'state', 'rebuild'].map(name => `./db/schema/${name}.ts`),
  out: './db/migrations',
  casing: 'snake_case',
  schemaFilter: ['accounts', 'ledger', 'state', 'rebuild'],
})
