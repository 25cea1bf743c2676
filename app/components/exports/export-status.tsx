import { Status, type StatusValue } from '../ui/status.tsx'
import type { ListedExport } from './answers.ts'

/** How far an export is. */
export function ExportStatus({ status, isSoft }: { status: ListedExport['status']; isSoft?: boolean }) {
  return <Status {...LOOKS[status]} isSoft={isSoft ?? false} />
}

const LOOKS: Record<ListedExport['status'], { value: StatusValue; word: string }> = {
  requested: { value: 'queued', word: 'Waiting for a worker' },
  building: { value: 'running', word: 'Being made' },
  ready: { value: 'succeeded', word: 'Ready' },
  failed: { value: 'failed', word: 'Failed' },
  expired: { value: 'expired', word: 'Gone' },
}
