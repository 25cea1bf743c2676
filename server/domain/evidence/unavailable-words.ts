import { isSettledAsUnlicensed, type KindHistory, licenceAnswersNeeded } from '../run/outcome.ts'
import type { UnavailableReason } from './kinds.ts'

/** Why a kind could not be read, what that means, and what to do. `licenceAnswers`: how many came in a row. */
export function wordsOfUnavailable(
  reason: UnavailableReason,
  history: KindHistory,
): { title: string; remedy: string } {
  if (reason !== 'licence' || isSettledAsUnlicensed(reason, history)) return unavailableWords[reason]
  return {
    title: 'The directory says that it has no licence for it, which it had before',
    remedy: `Such an answer comes now and then where a licence is there. It counts once ${licenceAnswersNeeded} runs in a row had it, and ${history.licenceAnswers} had so far. What was collected before stands, and ages.`,
  }
}

/** By reason alone. */
const unavailableWords: Record<UnavailableReason, { title: string; remedy: string }> = {
  licence: {
    title: 'The directory has no licence for it',
    remedy:
      'Nothing is wrong with the connection. Controls that need it are not testable until the licence is there.',
  },
  scope: {
    title: 'A permission is not granted',
    remedy: 'Grant the missing permission to the app registration, then authorize the connection again.',
  },
  role: {
    title: 'The account that signed in has no role that may read it',
    remedy: 'Authorize the connection again with an account that is at least Security Reader.',
  },
  throttled: {
    title: 'The directory asked to slow down until the run’s time was used up',
    remedy: 'What was collected before stands, and ages until a run reads it again.',
  },
  unavailable: {
    title: 'The directory did not answer',
    remedy: 'What was collected before stands, and ages until a run reads it again.',
  },
  malformed: {
    title: 'The answer was not what the directory documents',
    remedy:
      'Nothing of it was used: what was collected before stands, and ages. If it stays like this, tell your operator.',
  },
}
