/** A command that the present state does not allow. `words` are for people. */
export class DomainRefusal extends Error {
  override readonly name = 'DomainRefusal'
  readonly code: string
  readonly words: string

  constructor(code: string, words: string) {
    super(`${code}: ${words}`)
    this.code = code
    this.words = words
  }
}
