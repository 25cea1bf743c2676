import { v5 } from 'uuid'

/** Fixed for good: keys of items without an object id of their own are derived in it. */
const namespace = '5d2b7f0e-6c1a-4b7e-9d7b-0c6f3a1e8c54'
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The source's object id in lower case; for an id that is no UUID, one derived from it (RFC 9562, version 5). */
export const subjectKeyOf = (id: string): string => (guid.test(id) ? id.toLowerCase() : v5(id, namespace))
