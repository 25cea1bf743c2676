import { z } from 'zod'
import { credentialField, passkeyNameField } from '../person-fields.ts'
import { signInChangeProcedure } from '../trpc.ts'

/** Keeps a new passkey's public key. */
export const passkeyRegister = signInChangeProcedure
  .input(z.strictObject({ name: passkeyNameField, credential: credentialField }))
  .output(z.void())
  .mutation(({ ctx, input }) => ctx.services.auth.passkeys.register({ ...input, signedIn: ctx.signedIn }))
