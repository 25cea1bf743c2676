import type { Services } from '../services.ts'
import { type Acceptance, acceptInvitation, showInvitation } from './accept-invitation.ts'

/** Accepts an invitation; a new person is signed in with the password just chosen. */
export async function acceptAndSignIn(
  services: Services,
  acceptance: Acceptance & { headers: Headers },
): Promise<{ slug: string; cookies: string[] }> {
  const { slug } = await showInvitation(services, acceptance)
  const { email, isNewAccount } = await acceptInvitation(services, acceptance)
  if (!isNewAccount || !acceptance.newAccount) return { slug, cookies: [] }
  const { password } = acceptance.newAccount
  const { cookies } = await services.auth.signIn({
    email,
    password,
    headers: acceptance.headers,
    ip: acceptance.ip,
  })
  return { slug, cookies }
}
