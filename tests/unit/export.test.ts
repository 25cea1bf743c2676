import { describe, expect, test } from 'vitest'
import {
  decideExport,
  type ExportCommand,
  type ExportEvent,
  evolveExport,
  initialExport,
} from '../../server/domain/export/export.ts'
import { newId } from '../../server/ledger/ids.ts'

const exportId = newId()
const request: ExportCommand = { type: 'request', exportId, scope: { kind: 'organization' } }
const complete: ExportCommand = { type: 'complete', sha256: 'a'.repeat(64), bytes: 12, checkpointSize: 3 }
const fail: ExportCommand = { type: 'fail', cause: 'too_large', explanation: 'It is too large.' }
const download: ExportCommand = { type: 'download' }

/** The events that commands lead to, one after the other. */
function told(...commands: readonly ExportCommand[]): ExportEvent[] {
  const events: ExportEvent[] = []
  for (const command of commands) {
    events.push(decideExport(command, events.reduce(evolveExport, initialExport)))
  }
  return events
}
const types = (...commands: readonly ExportCommand[]) => told(...commands).map(event => event.type)

describe('an export', () => {
  test('is asked for, completed and downloaded any number of times', () => {
    expect(types(request, complete, download, download)).toEqual([
      'ExportRequested',
      'ExportCompleted',
      'ExportDownloaded',
      'ExportDownloaded',
    ])
  })

  test('names itself in every event', () => {
    expect(told(request, complete, download).map(event => event.payload.exportId)).toEqual([
      exportId,
      exportId,
      exportId,
    ])
  })

  test('may fail instead', () => {
    expect(types(request, fail)).toEqual(['ExportRequested', 'ExportFailed'])
  })

  test.each<[string, readonly ExportCommand[]]>([
    ['is not asked for twice', [request, request]],
    ['is not completed before it was asked for', [complete]],
    ['is not completed twice', [request, complete, complete]],
    ['does not fail once it is complete', [request, complete, fail]],
    ['is not completed once it has failed', [request, fail, complete]],
    ['is not downloaded before it is complete', [request, download]],
    ['is not downloaded once it has failed', [request, fail, download]],
  ])('%s', (_, commands) => {
    expect(() => told(...commands)).toThrow(/:/)
  })
})
