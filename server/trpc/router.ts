import { invitationAccept } from './procedures/invitation-accept.ts'
import { invitationShow } from './procedures/invitation-show.ts'
import { invitationWithdraw } from './procedures/invitation-withdraw.ts'
import { memberChangeRole } from './procedures/member-change-role.ts'
import { memberInvite } from './procedures/member-invite.ts'
import { memberLeave } from './procedures/member-leave.ts'
import { memberList } from './procedures/member-list.ts'
import { memberRemove } from './procedures/member-remove.ts'
import { organizationCreate } from './procedures/organization-create.ts'
import { organizationList } from './procedures/organization-list.ts'
import { changePassword } from './procedures/session-change-password.ts'
import { sessionCurrent } from './procedures/session-current.ts'
import { listSessions } from './procedures/session-list.ts'
import { register } from './procedures/session-register.ts'
import { requestPasswordReset } from './procedures/session-request-password-reset.ts'
import { resetPassword } from './procedures/session-reset-password.ts'
import { revokeSession } from './procedures/session-revoke.ts'
import { signIn } from './procedures/session-sign-in.ts'
import { signOut } from './procedures/session-sign-out.ts'
import { verifyEmail } from './procedures/session-verify-email.ts'
import { createCallerFactory, router } from './trpc.ts'

/** Every procedure by name; nothing else happens here. */
export const appRouter = router({
  sessionCurrent,
  signIn,
  signOut,
  register,
  verifyEmail,
  requestPasswordReset,
  resetPassword,
  changePassword,
  listSessions,
  revokeSession,
  organizationList,
  organizationCreate,
  memberList,
  memberInvite,
  memberChangeRole,
  memberRemove,
  memberLeave,
  invitationWithdraw,
  invitationShow,
  invitationAccept,
})

export type AppRouter = typeof appRouter

export const createCaller = createCallerFactory(appRouter)
export type Caller = ReturnType<typeof createCaller>
