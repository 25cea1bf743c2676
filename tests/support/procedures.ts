import { callTRPCProcedure } from '@trpc/server'
import { z } from 'zod'
import { type Permission, permissions } from '../../server/domain/member/roles.ts'
import { newId } from '../../server/ledger/ids.ts'
import type { Context } from '../../server/trpc/context.ts'
import { describeError } from '../../server/trpc/error-map.ts'
import { appRouter } from '../../server/trpc/router.ts'

/** A procedure of the router as it declares itself. */
export interface KnownProcedure {
  path: string
  type: 'query' | 'mutation' | 'subscription'
  access: 'public' | 'signed_in' | Permission | undefined
  /** The fields of its input; null where it takes none. */
  fields: Record<string, z.ZodType> | null
  /** Whether its input refuses fields that it does not know. */
  isStrict: boolean
  hasOutput: boolean
}

const definition = z.object({
  type: z.enum(['query', 'mutation', 'subscription']),
  meta: z.object({ access: z.string() }).optional(),
  inputs: z.array(z.instanceof(z.ZodObject)).max(1),
  output: z.unknown().optional(),
})

/** The procedures of a router, as each declares itself. */
export const proceduresOf = (router: { _def: { procedures: Record<string, unknown> } }): KnownProcedure[] =>
  Object.entries(router._def.procedures).map(([path, procedure]) => {
    const { type, meta, inputs, output } = definition.parse(Object(procedure)._def)
    const [input] = inputs
    return {
      path,
      type,
      access: (['public', 'signed_in', ...permissions] as const).find(known => known === meta?.access),
      fields: input ? fieldsOf(input) : null,
      isStrict: !input || input.def.catchall instanceof z.ZodNever,
      hasOutput: output !== undefined,
    }
  })

/** Every procedure there is: a new one is found by itself. */
export const procedures: KnownProcedure[] = proceduresOf(appRouter)

export type OrganizationProcedure = KnownProcedure & { access: Permission; fields: Record<string, z.ZodType> }

/** Those that work inside an organization. */
export const organizationProcedures = procedures.filter(
  (procedure): procedure is OrganizationProcedure =>
    procedure.access !== 'public' && procedure.access !== 'signed_in' && procedure.fields !== null,
)

/** What came of a call: `ok`, or the code of the error with the words that people read. */
export interface Outcome {
  code: string
  words: string
}

export async function outcomeOf(context: Context, path: string, input: unknown): Promise<Outcome> {
  try {
    await answerOf(context, path, input)
    return { code: 'ok', words: '' }
  } catch (error) {
    const { code, userMessage } = describeError(error)
    return { code, words: userMessage }
  }
}

/** What a procedure answers; of a subscription the first. */
export async function answerOf(context: Context, path: string, input: unknown): Promise<unknown> {
  const procedure = procedures.find(known => known.path === path)
  const ending = new AbortController()
  try {
    const answer: unknown = await callTRPCProcedure({
      router: appRouter,
      path,
      getRawInput: async () => input,
      ctx: context,
      type: procedure?.type ?? 'query',
      signal: ending.signal,
      batchIndex: 0,
    })
    return procedure?.type === 'subscription' ? await firstOf(answer) : answer
  } finally {
    ending.abort()
  }
}

async function firstOf(answer: unknown) {
  const stream = z
    .custom<AsyncIterable<unknown>>(value => Symbol.asyncIterator in Object(value))
    .parse(answer)
  for await (const first of stream) return first
  return undefined
}

/** Fields that hold an id of something: any uuid will do, and nothing that is none. */
export const idFields = ({ fields }: Pick<KnownProcedure, 'fields'>): string[] =>
  Object.entries(fields ?? {})
    .filter(([, schema]) => accepts(schema, newId()) && !accepts(schema, 'x'))
    .map(([name]) => name)

/**
 * An input that the procedure's schema takes: known values by the field's name, nothing where nothing is needed, else
 * the first plain value that fits.
 * @throws {Error} for a field that no value is known for
 */
export function validInput(
  { path, fields }: Pick<KnownProcedure, 'path' | 'fields'>,
  known: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(fields ?? {})) {
    if (name in known) input[name] = known[name]
    else if (!accepts(schema, undefined)) {
      const value = plainValues.find(value => accepts(schema, value))
      if (value === undefined) throw new Error(`${path}: say in this test what a valid ${name} looks like`)
      input[name] = value
    }
  }
  return input
}

const plainValues: readonly unknown[] = ['viewer', 'x', 1, true, null, 'ada@example.com', newId(), []]

/** Transforms may throw what an unknown name is answered with: that is a refusal, too. */
function accepts(schema: z.ZodType, value: unknown): boolean {
  try {
    return schema.safeParse(value).success
  } catch {
    return false
  }
}

function fieldsOf(input: z.ZodObject): Record<string, z.ZodType> {
  const entries = Object.entries(input.shape)
  return Object.fromEntries(
    entries.flatMap(([name, schema]) => (schema instanceof z.ZodType ? [[name, schema]] : [])),
  )
}
