import { z } from 'zod'
import { acceptAndSignIn } from '../../members/accept-and-sign-in.ts'
import { nameField, passwordField, tokenField } from '../person-fields.ts'
import { publicProcedure } from '../trpc.ts'

const input = z.strictObject({
  token: tokenField,
  /** For a person without an account, who is signed in with the new one. */
  name: nameField.optional(),
  password: passwordField.optional(),
})

/** Accepts an invitation, as who is signed in or as a new person. */
export const invitationAccept = publicProcedure
  .input(input)
  .output(z.strictObject({ slug: z.string() }))
  .mutation(async ({ ctx, input }) => {
    const { name, password } = input
    const { slug, cookies } = await acceptAndSignIn(ctx.services, {
      token: input.token,
      newAccount: name && password ? { name, password } : null,
      signedIn: ctx.signedIn,
      headers: ctx.headers,
      ip: ctx.clientAddress,
    })
    for (const cookie of cookies) ctx.setCookie(cookie)
    return { slug }
  })
