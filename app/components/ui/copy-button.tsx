import Check from 'lucide-react/icons/check'
import Copy from 'lucide-react/icons/copy'
import { useEffect, useState } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { useHydrated } from '../../lib/hydrated.ts'
import { buttonClassName } from './button.tsx'

/**
 * Copies `value`. `label` says what it copies. Without JavaScript its place stays empty: the value beside it can be
 * selected.
 */
export function CopyButton({ value, label, isIconOnly = false, className }: CopyButtonProps) {
  const isHydrated = useHydrated()
  const [isCopied, setIsCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setIsCopied(false), 2_000)
    return () => clearTimeout(timer)
  }, [isCopied])

  const Icon = isCopied ? Check : Copy
  return (
    <button
      type="button"
      title={label}
      onClick={() => {
        navigator.clipboard.writeText(value).then(
          () => setIsCopied(true),
          () => setIsCopied(false),
        )
      }}
      className={classNames(
        isIconOnly
          ? 'inline-flex size-6 items-center justify-center rounded-s text-ink-3 hover:bg-sunken hover:text-ink'
          : buttonClassName({ size: 's' }),
        !isHydrated && 'invisible',
        'print:hidden',
        className,
      )}
    >
      <Icon aria-hidden className="size-3.5" />
      <span className={isIconOnly ? 'sr-only' : undefined}>
        {isCopied ? 'Copied' : isIconOnly ? label : 'Copy'}
      </span>
      <span aria-live="polite" className="sr-only">
        {isCopied ? `${label}: copied` : ''}
      </span>
    </button>
  )
}

export type CopyButtonProps = { value: string; label: string; isIconOnly?: boolean; className?: string }
