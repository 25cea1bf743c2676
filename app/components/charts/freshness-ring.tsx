/** How much of the time until stale is left: full just after a sync, empty when it is over. `label` says it in words. */
export function FreshnessRing({ share, label, tone = 'accent', size = 34 }: FreshnessRingProps) {
  const left = Math.round(Math.min(1, Math.max(0, share)) * 100)
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox="0 0 36 36"
      width={size}
      height={size}
      className="flex-none -rotate-90 fill-none stroke-line stroke-4"
    >
      <circle cx="18" cy="18" r="15" />
      {left > 0 ? (
        <circle
          cx="18"
          cy="18"
          r="15"
          pathLength={100}
          strokeDasharray={`${left} 100`}
          className={STROKES[tone]}
        />
      ) : null}
    </svg>
  )
}

export type FreshnessRingProps = {
  share: number
  label: string
  tone?: 'accent' | 'stale' | 'fail'
  size?: number
}

const STROKES = { accent: 'stroke-accent', stale: 'stroke-stale', fail: 'stroke-fail' }
