import { v5, v7 } from 'uuid'

/** Namespace of every id that is derived from what caused it. */
const namespace = '6f0c7a52-5f0e-5d0a-9a39-0d1c6a2b7e11'

/** A new id that sorts by time. */
export const newId = (): string => v7()

/** The same id for the same parts, so that a repeated step appends nothing twice. */
export const derivedId = (...parts: readonly (string | number)[]): string =>
  v5(parts.join('\u001f'), namespace)

export const memberStream = (organizationId: string, userId: string) =>
  derivedId('member', organizationId, userId)
export const sourceIdOf = (organizationId: string, connector: string, externalTenantId: string) =>
  derivedId('source', organizationId, connector, externalTenantId)
export const evidenceStream = (sourceId: string, kind: string) => derivedId('evidence', sourceId, kind)
export const controlStream = (sourceId: string, controlId: string) =>
  derivedId('control', sourceId, controlId)
/** One story per thing that is reviewed. */
export const reviewStream = (sourceId: string, kind: string, subjectId: string) =>
  derivedId('review', sourceId, kind, subjectId)
export const accountStream = (sourceId: string, subjectKey: string) =>
  derivedId('account', sourceId, subjectKey)
export const retentionStream = (organizationId: string) => derivedId('retention', organizationId)
export const erasureStream = (organizationId: string, subjectKey: string) =>
  derivedId('erasure', organizationId, subjectKey.toLowerCase())
