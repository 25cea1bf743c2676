import { formatCount, formatDateUtc } from '../../lib/format.ts'
import type { GrantValues } from './role-fields.tsx'

/** An auditor's grant in one line. Its days are UTC days, whatever the reader's zone. */
export function GrantWords({ grant }: { grant: GrantValues }) {
  if (!grant) return null
  return (
    <span className="block text-xs text-ink-2">
      {grant.assessments.length > 0
        ? `Bound to ${formatCount(grant.assessments.length, 'assessment')} · `
        : null}
      Sees {formatDateUtc(grant.periodFrom)} to {formatDateUtc(grant.periodTo)} · access ends{' '}
      {formatDateUtc(grant.expiresAt)} (UTC)
    </span>
  )
}
