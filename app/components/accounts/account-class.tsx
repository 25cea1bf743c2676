import type { AccountListData } from '../decisions/answers.ts'
import { Time } from '../time/time.tsx'
import { Badge } from '../ui/badge.tsx'
import { Status } from '../ui/status.tsx'

/** What an account is, and who says so. */
export function AccountClass({ account: { openSince, classWords, by } }: AccountClassProps) {
  if (openSince !== null) {
    return (
      <span className="grid gap-0.5">
        <Status value="needs_attention" word="Without a class" />
        {openSince.getTime() > 0 ? (
          <span className="text-xs text-ink-2">
            since <Time value={openSince} mode="date" />; taken for: {classWords.toLowerCase()}
          </span>
        ) : null}
      </span>
    )
  }
  return (
    <span className="inline-flex flex-wrap items-baseline gap-1.5">
      {classWords}
      {by === 'declaration' ? <Badge tone="accent">Declared</Badge> : null}
    </span>
  )
}

type AccountClassProps = {
  account: Pick<AccountListData['accounts'][number], 'openSince' | 'classWords' | 'by'>
}
