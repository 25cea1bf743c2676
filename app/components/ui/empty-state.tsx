import type { ReactNode } from 'react'

/** Nothing here: says why, and what fills it. */
export function EmptyState({ title, icon, action, children }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-10 text-center">
      {icon !== undefined ? (
        <div className="text-ink-3 [&_svg]:size-7 [&_svg]:stroke-[1.5]">{icon}</div>
      ) : null}
      <p className="text-m font-semibold text-ink">{title}</p>
      {children !== undefined ? <div className="max-w-md text-s text-ink-2">{children}</div> : null}
      {action !== undefined ? <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  )
}

export type EmptyStateProps = { title: ReactNode; icon?: ReactNode; action?: ReactNode; children?: ReactNode }
