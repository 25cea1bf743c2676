import History from 'lucide-react/icons/history'
import type { ReactNode } from 'react'
import { useHrefWith } from '../../lib/as-of.ts'
import { useBase, useIsAllowed } from '../../lib/organization.ts'
import { buttonClassName } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { AsOfLink } from './as-of-link.tsx'

/** In place of settings that are kept as they are now alone: where their past is told, and the way back to now. */
export function OnlyNow({ title, children }: { title: string; children: ReactNode }) {
  const base = useBase()
  const hrefWith = useHrefWith()
  const canReadTrail = useIsAllowed('ledger:read')
  return (
    <Card>
      <EmptyState icon={<History aria-hidden />} title={title}>
        {children}
      </EmptyState>
      <p className="flex flex-wrap justify-center gap-2 pb-4">
        {canReadTrail ? (
          <AsOfLink to={`${base}/audit`} className={buttonClassName()}>
            Audit trail up to this moment
          </AsOfLink>
        ) : null}
        <PageLink to={hrefWith({ asOf: null })} className={buttonClassName()}>
          As it is now
        </PageLink>
      </p>
    </Card>
  )
}
