export * as accounts from './accounts.ts'
export * as ledger from './ledger.ts'
export * as state from './state.ts'
