/** The shape of what is coming, `lines` high. Says once to a screen reader that it loads. */
export function Skeleton({ lines = 3, label = 'Loading' }: { lines?: number; label?: string }) {
  return (
    <div role="status" className="space-y-2.5">
      <span className="sr-only">{label}</span>
      {Array.from({ length: lines }, (_, line) => (
        <div
          key={line}
          aria-hidden="true"
          className="h-3.5 animate-pulse rounded-xs bg-blank/70"
          style={{ width: `${WIDTHS[line % WIDTHS.length]}%` }}
        />
      ))}
    </div>
  )
}

const WIDTHS = [92, 74, 83, 61]
