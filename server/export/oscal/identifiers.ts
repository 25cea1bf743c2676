import { derivedId } from '../../ledger/ids.ts'

/** A version 5 UUID for what the parts name, the same in every document of the organization. */
export type IdMaker = (...parts: readonly string[]) => string

export const idMaker =
  (organizationId: string): IdMaker =>
  (...parts) =>
    derivedId('oscal', organizationId, ...parts)
