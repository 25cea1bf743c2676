import type { z } from 'zod'
import { DomainRefusal } from '../refusal.ts'
import type { erasureCompleted, erasureLifted, erasureRequested } from './events.ts'

export type ErasureEvent =
  | { type: 'ErasureRequested'; payload: z.infer<typeof erasureRequested> }
  | { type: 'ErasureCompleted'; payload: z.infer<typeof erasureCompleted> }
  | { type: 'ErasureLifted'; payload: z.infer<typeof erasureLifted> }

export type ErasureCommand =
  | { type: 'request'; subjectKey: string; reason: string }
  | { type: 'complete'; subjectKey: string; removed: number; kept: number }
  | { type: 'lift'; subjectKey: string; reason: string }

/** `under_way`: contents are still being removed. `erased`: they are gone, and stay out. */
export type ErasureState = 'none' | 'under_way' | 'erased'

/** Which events a command leads to. No event means that nothing changed. @throws {DomainRefusal} */
export function decideErasure(command: ErasureCommand, state: ErasureState): ErasureEvent[] {
  const { subjectKey } = command
  switch (command.type) {
    case 'request':
      if (state !== 'none') {
        throw new DomainRefusal(
          'erased_before',
          'This person is erased already. Names that the directory still lists are not stored.',
        )
      }
      return [{ type: 'ErasureRequested', payload: { subjectKey, reason: command.reason } }]
    case 'complete': {
      const { removed, kept } = command
      return state === 'under_way'
        ? [{ type: 'ErasureCompleted', payload: { subjectKey, removed, kept } }]
        : []
    }
    case 'lift':
      if (state === 'none') throw new DomainRefusal('not_erased', 'This person was not erased.')
      if (state === 'under_way') {
        throw new DomainRefusal(
          'erasure_under_way',
          'What names this person is still being removed. Wait until that is done.',
        )
      }
      return [{ type: 'ErasureLifted', payload: { subjectKey, reason: command.reason } }]
  }
}

export function evolveErasure(_state: ErasureState, event: ErasureEvent): ErasureState {
  switch (event.type) {
    case 'ErasureRequested':
      return 'under_way'
    case 'ErasureCompleted':
      return 'erased'
    case 'ErasureLifted':
      return 'none'
  }
}
