import type { Caller } from '../../../server/trpc/router.ts'

/** What the procedures about decisions answer. */
export type ExceptionData = Awaited<ReturnType<Caller['exceptions']['list']>>['exceptions'][number]
export type AdministratorData = Awaited<
  ReturnType<Caller['accounts']['administrators']>
>['administrators'][number]
export type AccountListData = Awaited<ReturnType<Caller['accounts']['list']>>
export type AccountData = Awaited<ReturnType<Caller['accounts']['get']>>
export type SettingsData = Awaited<ReturnType<Caller['settings']['get']>>

/** A member who can answer for something. */
export type Person = { userId: string; name: string }
