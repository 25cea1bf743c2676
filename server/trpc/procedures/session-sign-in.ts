import { z } from 'zod'
import { safeRedirect } from '../../http/safe-redirect.ts'
import { emailField, passwordField } from '../person-fields.ts'
import { publicProcedure } from '../trpc.ts'

const input = z.strictObject({
  email: emailField,
  password: passwordField,
  /** Where the person wanted to go. */
  to: z.string().max(2_000).optional(),
})

/** `to` is a path of our own, whatever was asked: the page that asks for a code where the account has one. */
const output = z.strictObject({ to: z.string() })

/** Begins a session. */
export const signIn = publicProcedure
  .input(input)
  .output(output)
  .mutation(async ({ ctx, input }) => {
    const { cookies, isComplete } = await ctx.services.auth.signIn({
      email: input.email,
      password: input.password,
      headers: ctx.headers,
      ip: ctx.clientAddress,
    })
    for (const cookie of cookies) ctx.setCookie(cookie)
    const to = safeRedirect(input.to)
    return { to: isComplete ? to : `/login/code?${new URLSearchParams({ to })}` }
  })
