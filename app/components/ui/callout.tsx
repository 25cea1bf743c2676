import CircleCheck from 'lucide-react/icons/circle-check'
import Clock from 'lucide-react/icons/clock'
import Info from 'lucide-react/icons/info'
import OctagonAlert from 'lucide-react/icons/octagon-alert'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import type { ReactNode } from 'react'
import { classNames } from '../../lib/class-names.ts'

export type CalloutTone = 'info' | 'success' | 'warn' | 'fail' | 'past'

/**
 * What happened, what it means for evidence, and what to do. `role="alert"` only for what follows an action of the
 * reader; standing notices leave it out.
 */
export function Callout({ tone = 'info', title, action, role, children }: CalloutProps) {
  const { Icon, ground, ink } = LOOKS[tone]
  return (
    <div role={role} className={classNames('flex gap-3 rounded-m border px-4 py-3 text-s text-ink', ground)}>
      <Icon aria-hidden className={classNames('mt-px size-[18px] flex-none', ink)} />
      <div className="min-w-0 flex-1 space-y-1">
        {title !== undefined ? <p className={classNames('font-semibold', ink)}>{title}</p> : null}
        {children !== undefined ? <div className="space-y-2">{children}</div> : null}
        {action !== undefined ? <div className="flex flex-wrap gap-2 pt-1.5">{action}</div> : null}
      </div>
    </div>
  )
}

export type CalloutProps = {
  tone?: CalloutTone
  title?: ReactNode
  action?: ReactNode
  role?: 'alert' | 'status'
  children?: ReactNode
}

const LOOKS = {
  info: { Icon: Info, ground: 'border-accent/30 bg-accent-soft', ink: 'text-accent' },
  success: { Icon: CircleCheck, ground: 'border-pass/30 bg-pass-soft', ink: 'text-pass' },
  warn: { Icon: TriangleAlert, ground: 'border-stale/35 bg-stale-soft', ink: 'text-stale' },
  fail: { Icon: OctagonAlert, ground: 'border-fail/30 bg-fail-soft', ink: 'text-fail' },
  past: { Icon: Clock, ground: 'border-past/35 bg-past-soft', ink: 'text-past' },
}
