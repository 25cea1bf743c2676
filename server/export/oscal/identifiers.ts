import { derivedId } from '../../ledger/ids.ts'
import { productName } from '../../product.ts'

/** A version 5 UUID for what the parts name, the same in every document of the organization. */
export type IdMaker = (...parts: readonly string[]) => string

export const idMaker =
  (organizationId: string): IdMaker =>
  (...parts) =>
    derivedId('oscal', organizationId, ...parts)

/** Properties of our own, apart from those that OSCAL defines. */
export const properties = (values: Readonly<Record<string, string | number | boolean>>) =>
  Object.entries(values).map(([name, value]) => ({ name, ns: namespace, value: String(value) }))

const namespace = `urn:${productName.toLowerCase()}:oscal`
