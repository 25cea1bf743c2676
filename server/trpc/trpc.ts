import { initTRPC, TRPCError } from '@trpc/server'
import { z } from 'zod'
import type { SnapshotReader } from '../../db/shared-snapshot.ts'
import type { SignedIn } from '../auth/auth.ts'
import { isFresh } from '../auth/freshness.ts'
import { isAllowed, isManaging, type Permission } from '../domain/member/roles.ts'
import { AppError } from '../errors.ts'
import { boundAsOf } from '../members/auditor-window.ts'
import { type Access, resolveAccess } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { parseAsOf } from './as-of.ts'
import { recordView } from './auditor-views.ts'
import type { Context } from './context.ts'
import { describeError, toTrpcError } from './error-map.ts'

/** What a procedure declares of itself; a test walks the router for those that declare nothing. */
export interface ProcedureMeta {
  access: 'public' | 'signed_in' | Permission
}

const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    // Streams say that they are alive, so that a page notices a connection that broke without a word.
    sse: {
      ping: { enabled: true, intervalMs: 5_000 },
      client: { reconnectAfterInactivityMs: 15_000 },
    },
    errorFormatter: ({ shape, error, ctx }) => ({
      ...shape,
      message: describeError(error).userMessage,
      data: { httpStatus: shape.data.httpStatus, requestId: ctx?.requestId, ...describeError(error) },
    }),
  })

export const { router, createCallerFactory } = t

/** Logs what went wrong once, and turns our errors into tRPC's. */
const base = t.procedure.use(async ({ next, ctx, path, type }) => {
  const result = await next()
  // It may have been about who may do what.
  if (type === 'mutation') ctx.accesses?.clear()
  if (result.ok) return result
  const error = toTrpcError(result.error)
  const described = describeError(error)
  ctx.logger[described.logLevel](
    { path, code: described.code, err: error.cause ?? error },
    'procedure failed',
  )
  throw error
})

/** Anyone may call it. */
export const publicProcedure = base.meta({ access: 'public' })

/** Somebody is signed in. */
export const signedInProcedure = base.meta({ access: 'signed_in' }).use(({ ctx, next }) => {
  if (!ctx.signedIn) throw toTrpcError(new AppError('unauthenticated', 'no session'))
  return next({ ctx: { signedIn: ctx.signedIn } })
})

/** Somebody signed in less than 15 minutes ago. */
export const freshProcedure = signedInProcedure.use(({ ctx, next }) => {
  requireFresh(ctx.signedIn)
  return next()
})

/**
 * Changes how a person signs in: fresh, and with a second factor where there is one. So a password alone never leads
 * to another second factor.
 */
export const signInChangeProcedure = freshProcedure.use(async ({ ctx, next }) => {
  const { user, session } = ctx.signedIn
  if (!session.isStrong && (await ctx.services.auth.hasSecondFactor(user.id))) {
    throw toTrpcError(
      new AppError('fresh_sign_in_required', 'changing a second factor takes one', {
        userMessage: 'Sign in with your second factor or your passkey first, then repeat this step.',
      }),
    )
  }
  return next()
})

/** The fields that every procedure of an organization takes; spread them into its strict object. */
export const organizationInput = {
  /** The organization's slug. */
  organization: z.string().min(1).max(80),
}

/** `?asOf=`: an instant, a position, or the pair `<instant>@<position>`. */
export const asOfInput = { asOf: z.string().max(80).optional() }

const scopeSchema = z.looseObject({ ...organizationInput, ...asOfInput })

/**
 * A procedure inside an organization: membership first (a foreign organization is not found), permission second.
 * `ctx.asOf` is what `asOf` asks, kept inside an auditor's period; what changes something is always of now. What an
 * auditor opened is recorded before it is handed out.
 */
export const organizationProcedure = (permission: Permission, options: { fresh?: boolean } = {}) =>
  signedInProcedure.meta({ access: permission }).use(async ({ ctx, next, getRawInput, type, path }) => {
    const scope = scopeSchema.safeParse(await getRawInput())
    if (!scope.success) throw new TRPCError({ code: 'BAD_REQUEST', cause: scope.error })
    const { services, signedIn } = ctx
    const now = services.clock.now()
    // What changes something reads apart: what the same request shows after it is of no moment before.
    const reading = (type !== 'mutation' && ctx.reading) || services.database.sharedSnapshot()
    const access = await accessIn(ctx, reading, { userId: signedIn.user.id, slug: scope.data.organization })
    if (!isAllowed(access.role, permission)) {
      throw toTrpcError(new AppError('forbidden', `${access.role} lacks ${permission}`))
    }
    if (access.isSecondFactorRequired && isManaging(access.role) && !signedIn.session.isStrong) {
      throw toTrpcError(new AppError('second_factor_required', `${access.role} came without a second factor`))
    }
    if (options.fresh) requireFresh(signedIn)
    const asOf =
      type === 'mutation' ? ({ kind: 'now' } as const) : boundAsOf(access, parseAsOf(scope.data.asOf), now)
    const answer = await next({ ctx: { access, asOf, reading } })
    if (answer.ok && access.role === 'auditor') {
      await recordView(services, access, { path, input: await getRawInput(), answer: answer.data })
    }
    return answer
  })

/** Looks once for all procedures of a request. */
function accessIn(
  { services, accesses }: { services: Services; accesses?: Context['accesses'] | undefined },
  database: SnapshotReader,
  asked: { userId: string; slug: string },
): Promise<Access> {
  const known = accesses?.get(asked.slug)
  if (known) return known
  const found = resolveAccess({ database, clock: services.clock }, asked)
  accesses?.set(asked.slug, found)
  return found
}

function requireFresh({ session }: SignedIn) {
  if (isFresh(session, new Date())) return
  throw toTrpcError(new AppError('fresh_sign_in_required', 'the session is older than 15 minutes'))
}
