import { z } from 'zod'
import type { SecurityDefaultsItem } from '../../../domain/evidence/items.ts'
import type { NormalisedItem } from '../../contract.ts'
import { subjectKeyOf } from './subject-key.ts'
import { idText } from './values.ts'

/** Without `isEnabled` there is nothing to judge: the answer is refused, not read as "off". */
export const securityDefaultsRowSchema = z.object({ id: idText, isEnabled: z.boolean() })

export function normaliseSecurityDefaults(row: z.infer<typeof securityDefaultsRowSchema>): NormalisedItem {
  const item: SecurityDefaultsItem = { id: row.id, isEnabled: row.isEnabled }
  return { subjectKey: subjectKeyOf(row.id), item }
}
