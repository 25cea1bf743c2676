import { z } from 'zod'
import { parseCanonical } from './canonical-json.ts'
import { DoesNotHold, NotCheckable } from './finding.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const instant = z.iso.datetime({ precision: 3 })
const count = z.int().nonnegative()

const manifestSchema = z.strictObject({
  asOf: z.strictObject({ instant, position: z.int().min(-1) }),
  /** Of an archive of an assessment: which, and up to which position its own events are told. */
  assessment: z.strictObject({ id: z.uuid(), position: count }).optional(),
  checkpoint: z.strictObject({ root: hash, size: count }),
  createdAt: instant,
  files: z.array(z.strictObject({ path: z.string(), sha256: hash, size: count })),
  firstPosition: count,
  format: z.literal('attestry-export'),
  organization: z.strictObject({ id: z.uuid(), name: z.string(), slug: z.string() }),
  origin: z.string(),
  scope: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('organization') }),
    z.strictObject({ kind: z.literal('period'), from: instant, to: instant }),
  ]),
  simulated: z.boolean(),
  version: z.literal(1),
})

/** What an archive says it is and holds. */
export type Manifest = z.infer<typeof manifestSchema>

const path = 'manifest.json'

/**
 * @throws {DoesNotHold} for a text that no export writes
 * @throws {NotCheckable} for one of another format, or of a version that this verifier does not know
 */
export function parseManifest(text: string): Manifest {
  const value = parseCanonical(text)
  if (value === undefined) throw new DoesNotHold('The manifest is not canonical JSON.', { path })
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown }
  if (format !== 'attestry-export') throw new NotCheckable('This is no archive of an export.', { path })
  if (version !== 1) {
    throw new NotCheckable(`The archive’s format has version ${version}; this verifier knows version 1.`, {
      path,
    })
  }
  const parsed = manifestSchema.safeParse(value)
  if (!parsed.success)
    throw new DoesNotHold(`The manifest is not of its form: ${wordsOf(parsed.error)}.`, { path })
  return parsed.data
}

/** The first thing that a schema refused, in a few words. */
export function wordsOf({ issues: [issue] }: z.ZodError): string {
  return issue ? `${issue.path.join('.') || 'the whole'}: ${issue.message}` : 'unknown'
}
