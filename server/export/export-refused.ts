/** An export that cannot be made as it was asked for: trying again leads to the same. `explanation` is for people. */
export class ExportRefused extends Error {
  override readonly name = 'ExportRefused'
  readonly reason: string
  readonly explanation: string

  constructor(reason: string, explanation: string) {
    super(`${reason}: ${explanation}`)
    this.reason = reason
    this.explanation = explanation
  }
}
