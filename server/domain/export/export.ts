import type { z } from 'zod'
import { DomainRefusal } from '../refusal.ts'
import type {
  exportCompleted,
  exportDownloaded,
  exportFailed,
  exportRequested,
  exportScopeSchema,
} from './events.ts'

export type ExportScope = z.infer<typeof exportScopeSchema>

export type ExportEvent =
  | { type: 'ExportRequested'; payload: z.infer<typeof exportRequested> }
  | { type: 'ExportCompleted'; payload: z.infer<typeof exportCompleted> }
  | { type: 'ExportFailed'; payload: z.infer<typeof exportFailed> }
  | { type: 'ExportDownloaded'; payload: z.infer<typeof exportDownloaded> }

export type ExportCommand =
  | { type: 'request'; exportId: string; scope: ExportScope }
  | { type: 'complete'; sha256: string; bytes: number; checkpointSize: number }
  | { type: 'fail'; cause: string; explanation: string }
  | { type: 'download' }

export interface ExportState {
  status: 'none' | 'requested' | 'completed' | 'failed'
  exportId: string
}

export const initialExport: ExportState = { status: 'none', exportId: '' }

/** Which event a command leads to: each leads to one. @throws {DomainRefusal} */
export function decideExport(command: ExportCommand, state: ExportState): ExportEvent {
  const { exportId, status } = state
  switch (command.type) {
    case 'request': {
      if (status !== 'none') throw new DomainRefusal('requested_before', 'This export was asked for already.')
      const { exportId, scope } = command
      return { type: 'ExportRequested', payload: { exportId, scope } }
    }
    case 'complete': {
      assertUnfinished(state)
      const { sha256, bytes, checkpointSize } = command
      return { type: 'ExportCompleted', payload: { exportId, sha256, bytes, checkpointSize } }
    }
    case 'fail': {
      assertUnfinished(state)
      const { cause, explanation } = command
      return { type: 'ExportFailed', payload: { exportId, cause, explanation } }
    }
    case 'download':
      if (status !== 'completed') throw new DomainRefusal('no_archive', 'There is no archive to download.')
      return { type: 'ExportDownloaded', payload: { exportId } }
  }
}

export function evolveExport(state: ExportState, event: ExportEvent): ExportState {
  switch (event.type) {
    case 'ExportRequested':
      return { status: 'requested', exportId: event.payload.exportId }
    case 'ExportCompleted':
      return { ...state, status: 'completed' }
    case 'ExportFailed':
      return { ...state, status: 'failed' }
    case 'ExportDownloaded':
      return state
  }
}

function assertUnfinished({ status }: ExportState): void {
  if (status !== 'requested') throw new DomainRefusal('finished', 'This export has ended already.')
}
