/** Where in an archive something was found; what means nothing there is left out. */
export interface Place {
  readonly path?: string
  /** From 1. */
  readonly line?: number
  /** Of an event in the log. */
  readonly position?: number
}

class Placed extends Error {
  readonly place: Place

  constructor(message: string, place: Place = {}) {
    super(message)
    this.place = place
  }
}

/** The archive claims something that is not so. The message is for people: one sentence, what is wrong. */
export class DoesNotHold extends Placed {
  override readonly name = 'DoesNotHold'
}

/** Whether something holds cannot be told: bytes that are missing or of another kind, or too new for this verifier. */
export class NotCheckable extends Placed {
  override readonly name = 'NotCheckable'
}

/** `events/000012.jsonl.gz, line 345, position 120344`; empty where no place is known. */
export const placeWords = ({ path, line, position }: Place): string =>
  [
    path,
    line === undefined ? undefined : `line ${line}`,
    position === undefined ? undefined : `position ${position}`,
  ]
    .filter(part => part !== undefined)
    .join(', ')
