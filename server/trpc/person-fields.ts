import { z } from 'zod'
import { roles } from '../domain/member/roles.ts'

/** What forms about people have in common. Messages are for people: they name the remedy. */

export const emailField = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'Use at most 254 characters.')
  .pipe(z.email('Give an e-mail address such as ada@example.com.'))

/** What people call something or somebody goes into mails and events: one line, without control characters, changes of writing direction or halves of characters. */
export const plainLine = z
  .string()
  .trim()
  .max(120, 'Use at most 120 characters.')
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'Use letters, digits and punctuation on one line.')

export const nameField = plainLine.min(1, 'Give your name.')
export const organizationNameField = plainLine.min(1, 'Give the organization’s name.')

/** A password as it was typed; the policy judges new ones, the stored hash the others. */
export const passwordField = z
  .string()
  .min(1, 'Give your password.')
  .max(1_000, 'Use at most 128 characters.')

/** The token of a mailed link. */
export const tokenField = z.string().min(1).max(2_000)

export const roleField = z.enum(roles, 'Choose a role.')

const day = z.string().max(10).optional()

/** An auditor's period and end of access: days in UTC; or the assessments that have the period. Other roles leave them empty. */
export const grantFields = {
  periodFrom: day,
  periodTo: day,
  expiresAt: day,
  assessments: z.array(z.uuid()).max(100, 'Choose at most 100 assessments.').optional(),
}

export const grantOutput = z
  .strictObject({
    periodFrom: z.date(),
    periodTo: z.date(),
    expiresAt: z.date(),
    assessments: z.array(z.uuid()).readonly(),
  })
  .nullable()

/** A code of an authenticator app, or a backup code. */
export const codeField = z.string().trim().min(1, 'Give the code.').max(40, 'Give the code alone.')

/** What a browser's authenticator made or signed, as JSON. */
export const credentialField = z.string().min(1).max(20_000)

export const passkeyNameField = plainLine
  .min(1, 'Give the passkey a name.')
  .max(60, 'Use at most 60 characters.')

/** What a browser hands to its authenticators: WebAuthn's own JSON. */
export const ceremonyOptions = z.strictObject({ options: z.record(z.string(), z.unknown()) })
