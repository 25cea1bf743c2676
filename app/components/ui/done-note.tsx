import { Callout } from './callout.tsx'

/** What was just done, told by the word in the address; nothing for a word that is none of the page's own. */
export function DoneNote({ done, words }: { done: string | null; words: Readonly<Record<string, string>> }) {
  if (done === null || !Object.hasOwn(words, done)) return null
  return (
    <Callout tone="success" role="status">
      {words[done]}
    </Callout>
  )
}
