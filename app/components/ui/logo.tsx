import { PRODUCT_NAME } from '../../lib/brand.ts'
import { classNames } from '../../lib/class-names.ts'

/** The mark with the product's name beside it. */
export function Logo({ size = 'm' }: { size?: 'm' | 'l' }) {
  return (
    <span
      className={classNames(
        'inline-flex items-center gap-2 font-title tracking-tight text-ink',
        size === 'l' ? 'text-xl' : 'text-l',
      )}
    >
      <LogoMark className={size === 'l' ? 'size-7' : 'size-[22px]'} />
      {PRODUCT_NAME}
    </span>
  )
}

export function LogoMark({ className = 'size-6' }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      className={classNames('stroke-round fill-none stroke-accent stroke-[1.8]', className)}
    >
      <path d="M4 20V8l8-5 8 5v12" />
      <path d="M8.5 13l2.6 2.6 4.6-5.2" />
    </svg>
  )
}
