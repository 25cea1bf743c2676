import type { AccountClass } from './class.ts'

/** What the classes are called: alone, and of one account in a sentence. */
export const accountClassWords: Readonly<
  Record<AccountClass, { readonly name: string; readonly article: string }>
> = {
  person: { name: 'Person', article: 'a person' },
  guest: { name: 'Guest', article: 'a guest' },
  service: { name: 'Service account', article: 'a service account' },
  directory_sync: { name: 'Directory sync', article: 'an account of directory synchronisation' },
  emergency: { name: 'Emergency account', article: 'an emergency account' },
  shared: { name: 'Shared account', article: 'a shared account' },
  future_hire: { name: 'Future hire', article: 'a future hire' },
}
