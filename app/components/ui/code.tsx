import { truncateMiddle } from '../../lib/format.ts'
import { CopyButton } from './copy-button.tsx'

/** An id or a command in mono, whole, with a copy button when `copyLabel` says what it is. */
export function Code({ value, copyLabel }: { value: string; copyLabel?: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <code className="min-w-0 rounded-s bg-sunken px-1.5 py-0.5 font-mono text-xs break-all text-ink">
        {value}
      </code>
      {copyLabel ? <CopyButton value={value} label={copyLabel} isIconOnly /> : null}
    </span>
  )
}

/** A hash or long id: the middle is left out to the eye only, the whole value is in the tooltip, the copy and speech. */
export function Fingerprint({ value, label = 'Copy fingerprint', head = 8, tail = 7 }: FingerprintProps) {
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap">
      <code className="rounded-s bg-sunken px-1.5 py-0.5 font-mono text-xs text-ink" title={value}>
        <span aria-hidden="true">{truncateMiddle(value, head, tail)}</span>
        <span className="sr-only">{value}</span>
      </code>
      <CopyButton value={value} label={label} isIconOnly />
    </span>
  )
}

export type FingerprintProps = { value: string; label?: string; head?: number; tail?: number }

/** Several lines of mono text (JSON, a command) in a region that scrolls by keyboard. */
export function CodeBlock({ value, label, isCopyable = true }: CodeBlockProps) {
  return (
    <div className="flex min-w-0 items-start rounded-s border border-line bg-sunken">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label={label} className="max-h-96 min-w-0 flex-1 overflow-auto">
        <pre className="p-3 font-mono text-xs">{value}</pre>
      </section>
      {isCopyable ? <CopyButton value={value} label={`Copy ${label}`} className="m-1.5 flex-none" /> : null}
    </div>
  )
}

export type CodeBlockProps = { value: string; label: string; isCopyable?: boolean }
