import { Button } from '../ui/button.tsx'

/** Where a list says that something came: a line that is there before as well, so that nothing moves by itself. */
export function NewsLine({ isBehind, words, calm, onShow }: NewsLineProps) {
  return (
    <div className="flex min-h-9 items-center gap-3 text-s text-ink-2 noscript:hidden print:hidden">
      {isBehind ? (
        <Button size="s" onClick={onShow}>
          {words}
        </Button>
      ) : (
        <span className="text-xs text-ink-3">{calm}</span>
      )}
    </div>
  )
}

type NewsLineProps = {
  isBehind: boolean
  /** What a press brings. */
  words: string
  /** What is said while nothing waits. */
  calm: string
  onShow(): void
}
