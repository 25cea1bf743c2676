import type { Mail } from '../mail.ts'
import { productName } from '../product.ts'

interface Recipient {
  name: string
  email: string
}

/** Asks a new person to show that the mailbox is theirs. */
export const confirmAddressMail = ({ name, email }: Recipient, url: string): Mail => ({
  to: email,
  subject: `Confirm your e-mail address for ${productName}`,
  text: [
    `Hello ${name},`,
    `someone, hopefully you, registered this address with ${productName}. Confirm it with the link below; it is good for 24 hours.`,
    'If it was not you, do nothing: without the confirmation nobody can sign in with your address.',
    url,
  ].join('\n\n'),
})

/** To a person who registers although there is an account: the page itself does not say so. */
export const accountExistsMail = ({ name, email }: Recipient, appOrigin: string): Mail => ({
  to: email,
  subject: `You already have an account at ${productName}`,
  text: [
    `Hello ${name},`,
    `someone, hopefully you, tried to register this address with ${productName}. There is an account for it already: sign in with it at ${appOrigin}/login, or set a new password with the link below.`,
    'If it was not you, do nothing: nothing was changed.',
    `${appOrigin}/reset`,
  ].join('\n\n'),
})

/** Carries the link that sets a new password. */
export const resetPasswordMail = ({ name, email }: Recipient, url: string): Mail => ({
  to: email,
  subject: `Set a new password for ${productName}`,
  text: [
    `Hello ${name},`,
    'someone, hopefully you, asked to set a new password. Do it with the link below; it is good for one hour, and once. You are signed out everywhere else.',
    'If it was not you, do nothing: your password stays as it is.',
    url,
  ].join('\n\n'),
})

/** Tells a person that the way they sign in was changed; `what` is a sentence. */
export const signInChangedMail = ({ name, email }: Recipient, what: string): Mail => ({
  to: email,
  subject: `How you sign in to ${productName} was changed`,
  text: [
    `Hello ${name},`,
    `this was changed in your account just now: ${what}`,
    'If it was you, there is nothing to do. If it was not, set a new password at once and end every session on your account page.',
  ].join('\n\n'),
})
