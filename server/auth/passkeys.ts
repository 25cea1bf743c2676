import { hash } from 'node:crypto'
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { and, asc, eq, gt, lt } from 'drizzle-orm'
import { z } from 'zod'
import type { Database } from '../../db/client.ts'
import { passkeys, users, verifications } from '../../db/schema/accounts.ts'
import { databaseDown } from '../database-down.ts'
import { AppError, notFound } from '../errors.ts'
import { newId } from '../ledger/ids.ts'
import { productName } from '../product.ts'

/** One of a person's passkeys, as the account page lists it. */
export interface OwnPasskey {
  id: string
  name: string
  /** Whether a provider keeps copies of it on the person's other devices. */
  isBackedUp: boolean
  createdAt: Date
  lastUsedAt: Date | null
}

/**
 * WebAuthn ceremonies. Authenticators must ask who is there (PIN, finger, face), so that a passkey is two factors by
 * itself. Methods throw {@link AppError}.
 */
export interface Passkeys {
  list(userId: string): Promise<OwnPasskey[]>
  beginRegistration(user: {
    id: string
    name: string
    email: string
  }): Promise<PublicKeyCredentialCreationOptionsJSON>
  /** `credential` is what the browser made, as JSON. */
  register(input: { userId: string; name: string; credential: string }): Promise<void>
  /** `confirmation` is the passkey's name, as it was typed. */
  remove(input: { userId: string; id: string; confirmation: string }): Promise<void>
  beginSignIn(): Promise<PublicKeyCredentialRequestOptionsJSON>
  /** Whose passkey signed. */
  recognise(credential: string): Promise<{ userId: string; email: string }>
}

export function createPasskeys({ database, appOrigin }: { database: Database; appOrigin: string }): Passkeys {
  const rpID = new URL(appOrigin).hostname
  const own = (userId: string) =>
    database.outsideTenant
      .select()
      .from(passkeys)
      .where(eq(passkeys.userId, userId))
      .orderBy(asc(passkeys.createdAt))

  return {
    async list(userId) {
      const rows = await own(userId)
      return rows.map(({ id, name, isBackedUp, createdAt, lastUsedAt }) => ({
        id,
        name,
        isBackedUp,
        createdAt,
        lastUsedAt,
      }))
    },

    async beginRegistration({ id, name, email }) {
      const known = await own(id)
      if (known.length >= mostPasskeys) throw tooManyPasskeys()
      const options = await generateRegistrationOptions({
        rpName: productName,
        rpID,
        userID: new TextEncoder().encode(id),
        userName: email,
        userDisplayName: name,
        excludeCredentials: known.map(({ credentialId }) => ({ id: credentialId })),
        supportedAlgorithmIDs: algorithms,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
      await rememberChallenge(database, options.challenge, `register ${id}`)
      return options
    },

    async register({ userId, name, credential }) {
      const response = parsed(registration, credential)
      const { registrationInfo, verified } = await refused(() =>
        verifyRegistrationResponse({
          response,
          expectedChallenge: challenge => useChallenge(database, challenge, `register ${userId}`),
          expectedOrigin: appOrigin,
          expectedRPID: rpID,
          supportedAlgorithmIDs: algorithms,
          requireUserVerification: true,
        }),
      )
      if (!verified || !registrationInfo) throw notAccepted('the registration does not verify')
      const { credential: made, credentialBackedUp } = registrationInfo
      const stored = await database.outsideTenant
        .insert(passkeys)
        .values({
          id: newId(),
          userId,
          name,
          credentialId: made.id,
          publicKey: Buffer.from(made.publicKey).toString('base64url'),
          counter: made.counter,
          transports: response.response.transports.join(','),
          isBackedUp: credentialBackedUp,
          createdAt: new Date(),
        })
        .onConflictDoNothing()
        .returning({ id: passkeys.id })
      if (stored.length === 0) throw notAccepted('a credential with this id is there already')
    },

    async remove({ userId, id, confirmation }) {
      const isIt = and(eq(passkeys.id, id), eq(passkeys.userId, userId))
      await database.outsideTenant.transaction(async transaction => {
        const [removed] = await transaction.delete(passkeys).where(isIt).returning({ name: passkeys.name })
        if (!removed) throw notFound('passkey')
        if (confirmation.trim() !== removed.name.trim()) throw notConfirmed(removed.name)
      })
    },

    async beginSignIn() {
      const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' })
      await rememberChallenge(database, options.challenge, 'sign in')
      return options
    },

    async recognise(credential) {
      const response = parsed(assertion, credential)
      const [known] = await database.outsideTenant
        .select({ passkey: passkeys, email: users.email })
        .from(passkeys)
        .innerJoin(users, eq(users.id, passkeys.userId))
        .where(eq(passkeys.credentialId, response.id))
      if (!known) throw notAccepted('nobody has this passkey')
      const { passkey, email } = known
      const { verified, authenticationInfo } = await refused(() =>
        verifyAuthenticationResponse({
          response,
          expectedChallenge: challenge => useChallenge(database, challenge, 'sign in'),
          expectedOrigin: appOrigin,
          expectedRPID: rpID,
          requireUserVerification: true,
          credential: {
            id: passkey.credentialId,
            publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
            counter: passkey.counter,
          },
        }),
      )
      if (!verified) throw notAccepted('the signature does not verify')
      await database.outsideTenant
        .update(passkeys)
        .set({ counter: authenticationInfo.newCounter, lastUsedAt: new Date() })
        .where(eq(passkeys.id, passkey.id))
      return { userId: passkey.userId, email }
    },
  }
}

const notConfirmed = (name: string) =>
  new AppError('bad_input', 'removal not confirmed', {
    userMessage: 'Nothing was removed: what was typed is not the name of the passkey.',
    fields: { confirmation: `Type ${name}.` },
  })

const mostPasskeys = 20
/** Ed25519, ES256 and RS256 by their COSE numbers: what authenticators have, and Node knows for good. */
const algorithms = [-8, -7, -257]
const challengeMilliseconds = 5 * 60_000

/** Challenges are kept as hashes, for one purpose each. */
async function rememberChallenge(database: Database, challenge: string, purpose: string) {
  const now = new Date()
  await database.outsideTenant.delete(verifications).where(lt(verifications.expiresAt, now))
  await database.outsideTenant.insert(verifications).values({
    id: newId(),
    identifier: identifierOf(challenge),
    value: purpose,
    expiresAt: new Date(now.getTime() + challengeMilliseconds),
    createdAt: now,
    updatedAt: now,
  })
}

/** Whether a challenge was given out for this purpose and not used yet; it is used now. */
async function useChallenge(database: Database, challenge: string, purpose: string): Promise<boolean> {
  const used = await database.outsideTenant
    .delete(verifications)
    .where(
      and(
        eq(verifications.identifier, identifierOf(challenge)),
        eq(verifications.value, purpose),
        gt(verifications.expiresAt, new Date()),
      ),
    )
    .returning({ id: verifications.id })
  return used.length === 1
}

const identifierOf = (challenge: string) => `passkey-${hash('sha256', challenge, 'hex')}`

const base64url = z.string().regex(/^[\w-]+$/)
const frame = { id: base64url, rawId: base64url, type: z.literal('public-key') }
const extensions = z.looseObject({}).default({})

/** What browsers send besides is theirs to extend; nothing of it is kept. */
const registration = z.object({
  ...frame,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(10)
      .default([]),
  }),
  clientExtensionResults: extensions,
})

const assertion = z.object({
  ...frame,
  response: z.object({ clientDataJSON: base64url, authenticatorData: base64url, signature: base64url }),
  clientExtensionResults: extensions,
})

function parsed<T extends z.ZodType>(schema: T, text: string): z.infer<T> {
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw notAccepted('what the browser sent has another form', error)
  }
}

async function refused<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify()
  } catch (error) {
    // Challenges are looked up while it verifies.
    throw databaseDown(error) ?? notAccepted('the ceremony was refused', error)
  }
}

const notAccepted = (message: string, cause?: unknown) =>
  new AppError('bad_input', message, {
    userMessage:
      'This passkey was not accepted: it is not known here, or its time ran out. Try once more, or sign in with your password.',
    cause,
  })

const tooManyPasskeys = () =>
  new AppError('precondition_failed', 'as many passkeys as there may be', {
    userMessage: `There are ${mostPasskeys} passkeys already. Remove one that you no longer use.`,
  })
