import { type Role, roleNames } from '../domain/member/roles.ts'
import { minuteWords } from '../domain/minute-words.ts'
import type { Mail } from '../mail.ts'
import { productName } from '../product.ts'

interface InvitationWords {
  email: string
  role: Role
  organizationName: string
  invitedByName: string
  expiresAt: Date
  /** Carries the token: it stands in this mail and nowhere else. */
  url: string
}

/** Carries an invitation's link to the mailbox it is bound to. */
export const invitationMail = ({
  email,
  role,
  organizationName,
  invitedByName,
  expiresAt,
  url,
}: InvitationWords): Mail => ({
  to: email,
  subject: `${invitedByName} invites you to ${organizationName} on ${productName}`,
  text: [
    'Hello,',
    `${invitedByName} invites you to join ${organizationName} on ${productName}. Your role: ${roleNames[role]}.`,
    `The link is bound to ${email}, can be used once, and is good until ${minuteWords(expiresAt)}.`,
    'If you do not know what this is about, do nothing.',
    url,
  ].join('\n\n'),
})
