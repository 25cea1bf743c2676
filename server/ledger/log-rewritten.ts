import { AppError } from '../errors.ts'

/** The log is no continuation of what was sealed before: nothing more is signed. */
export class LogRewritten extends AppError {
  constructor(organizationId: string, what: string) {
    super('internal', `the log of ${organizationId} is not what was sealed: ${what}`, {
      userMessage:
        'The log no longer continues what was sealed before, so no new checkpoint is signed. Verify the log, and keep the database as it is.',
      details: { organizationId },
    })
  }
}
