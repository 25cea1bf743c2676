import { productName } from '../../product.ts'

/** Properties of our own, apart from those that OSCAL defines. */
export const properties = (values: Readonly<Record<string, string | number | boolean>>) =>
  Object.entries(values).map(([name, value]) => ({ name, ns: namespace, value: String(value) }))

const namespace = `urn:${productName.toLowerCase()}:oscal`
