/** A note, key, checkpoint or proof that is not of its format. The message is for people: one sentence, what is wrong. */
export class MalformedNote extends Error {
  override readonly name = 'MalformedNote'
}
