import { z } from 'zod'
import { register as registerPerson } from '../../members/register.ts'
import { emailField, nameField, organizationNameField, passwordField } from '../person-fields.ts'
import { publicProcedure } from '../trpc.ts'

const input = z.strictObject({
  name: nameField,
  email: emailField,
  password: passwordField,
  organizationName: organizationNameField,
})

/** Mails a link that makes an account and an organization. The answer is the same where the address has an account. */
export const register = publicProcedure
  .input(input)
  .output(z.void())
  .mutation(({ ctx, input }) => registerPerson(ctx.services, { ...input, ip: ctx.clientAddress }))
