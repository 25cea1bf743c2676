import {
  decideExport,
  type ExportCommand,
  type ExportEvent,
  evolveExport,
  initialExport,
} from '../domain/export/export.ts'
import { AppError } from '../errors.ts'
import type { Unit } from '../ledger/ledger.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'

/** Loads an export's stream, decides and appends. An export is its own stream. @returns the event that came of it */
export async function commandExport(
  unit: Unit,
  exportId: string,
  command: ExportCommand,
): Promise<RecordedEvent> {
  const events = (await unit.load(exportId)).map(exportEvent)
  const decided = decideExport(command, events.reduce(evolveExport, initialExport))
  const [recorded] = await unit.append({ type: 'export', id: exportId }, events.length, [decided])
  if (!recorded) throw new AppError('internal', 'an export led to no event')
  return recorded
}

function exportEvent(event: RecordedEvent): ExportEvent {
  switch (event.type) {
    case 'ExportRequested':
    case 'ExportCompleted':
    case 'ExportFailed':
    case 'ExportDownloaded':
      return event
    default:
      throw new AppError('internal', `${event.type} in an export's stream`)
  }
}
