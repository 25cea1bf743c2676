import type { PolicyQuestion } from './policy-judgement.ts'

/** What AC-03 asks of everyone's sign-ins, and AC-11 of guests'. What a policy blocks needs no second factor. */
export const secondFactorQuestion: PolicyQuestion = {
  clientAppTypes: ['browser', 'mobileAppsAndDesktopClients'],
  effects: ['second_factor'],
  alsoCloses: ['block'],
  openCode: 'second_factor_not_demanded',
  closedCode: 'second_factor_demanded',
}
