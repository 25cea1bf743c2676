import type { ReactNode } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { StatusIcon } from './status-icon.tsx'

/** Numbered steps, each with what to do. A step that is done shows a check and the word. */
export function Steps({ items }: { items: StepItem[] }) {
  return (
    <ol className="space-y-5">
      {items.map((item, index) => (
        <li
          key={index}
          className="relative flex gap-3"
          aria-current={item.state === 'current' ? 'step' : undefined}
        >
          {index < items.length - 1 ? (
            <span aria-hidden="true" className="absolute start-[13px] top-8 -bottom-4 w-px bg-line-strong" />
          ) : null}
          <span
            className={classNames(
              'inline-flex size-7 flex-none items-center justify-center rounded-full border text-s font-semibold tabular-nums',
              item.state === 'done'
                ? 'border-pass bg-pass-soft text-pass'
                : item.state === 'current'
                  ? 'border-accent bg-accent text-accent-ink'
                  : 'border-line-strong bg-surface text-ink-2',
            )}
          >
            {item.state === 'done' ? <StatusIcon shape="check" /> : index + 1}
          </span>
          <div className="min-w-0 flex-1 pt-0.5">
            <h3 className="text-m font-semibold text-ink">
              {item.title}
              {item.state === 'done' ? <span className="sr-only"> (done)</span> : null}
            </h3>
            {item.children !== undefined ? (
              <div className="mt-1.5 space-y-2 text-s text-ink-2">{item.children}</div>
            ) : null}
          </div>
        </li>
      ))}
    </ol>
  )
}

export type StepItem = { title: ReactNode; children?: ReactNode; state?: 'done' | 'current' | 'todo' }
