import { Status } from '../ui/status.tsx'

/** How old evidence is, in shape and word. */
export function FreshnessWord({ value }: { value: 'fresh' | 'stale' | 'expired' | 'never' }) {
  return value === 'never' ? <Status value="none" word="None yet" /> : <Status value={value} />
}
