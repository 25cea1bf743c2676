/*
 * What is expected of an organization, as simply as it can be said. Nothing of the product is in here: commands move the
 * model and the product alike, and the two must agree after each step.
 */

/** A directory at the source, and the connection to it. */
export interface ModelDirectory {
  /** `none`: never connected, or revoked. */
  status: 'none' | 'connected' | 'needs_attention'
  /** What a person is asked to mend. */
  remedy: 'reauthorize' | 'fix_application' | null
  /** Which secret the source takes, and which one the connection holds. */
  secretAtSource: number
  secretHeld: number
  /** The source has ended the sessions since the last sign-in. */
  areTokensVoid: boolean
  /** The kind whose requests the source answers with errors. */
  isBroken: boolean
  /** Whether its people were ever read. */
  isKnown: boolean
}

export interface ModelException {
  decision: 'waiting' | 'approved' | 'rejected' | 'withdrawn'
  /** Milliseconds. */
  expiresAt: number
}

export interface ModelAssessment {
  status: 'open' | 'submitted' | 'approved'
  attached: number
}

export interface Model {
  directories: ModelDirectory[]
  exceptions: ModelException[]
  assessments: ModelAssessment[]
  isKeyServiceDown: boolean
  /** A process died, and what it left behind may not have been taken up yet. */
  isUnsettled: boolean
}

export const newModel = (): Model => ({
  directories: [newDirectory(), newDirectory()],
  exceptions: [],
  assessments: [],
  isKeyServiceDown: false,
  isUnsettled: false,
})

const newDirectory = (): ModelDirectory => ({
  status: 'none',
  remedy: null,
  secretAtSource: 0,
  secretHeld: 0,
  areTokensVoid: false,
  isBroken: false,
  isKnown: false,
})

/** What a run of a connected directory comes to. */
export function outcomeNow(
  { isKeyServiceDown }: Model,
  directory: ModelDirectory,
): 'succeeded' | 'partly' | 'failed' {
  if (isKeyServiceDown || refusalNow(directory)) return 'failed'
  return directory.isBroken ? 'partly' : 'succeeded'
}

/** What the source asks of a person, if it is asked now: it looks at the application before it looks at the sign-in. */
export function refusalNow(directory: ModelDirectory): ModelDirectory['remedy'] {
  if (directory.secretHeld !== directory.secretAtSource) return 'fix_application'
  return directory.areTokensVoid ? 'reauthorize' : null
}

/** After a run came to its end. What is read once a day brings no people. */
export function afterRun(model: Model, directory: ModelDirectory, isDaily: boolean): void {
  if (model.isKeyServiceDown) return
  const refusal = refusalNow(directory)
  if (refusal) Object.assign(directory, { status: 'needs_attention', remedy: refusal })
  else if (!isDaily) directory.isKnown = true
}

/** Where an exception stands at an instant. */
export function stateOfException({ decision, expiresAt }: ModelException, now: number): string {
  if (decision === 'rejected' || decision === 'withdrawn') return decision
  if (expiresAt <= now) return 'expired'
  return decision === 'approved' ? 'in_force' : 'waiting'
}
