import type { Caller } from '../../../server/trpc/router.ts'

/** What the procedure answers, as the page hands it to its parts. */
export type MemberList = Awaited<ReturnType<Caller['memberList']>>
export type ListedMember = MemberList['members'][number]
export type ListedInvitation = MemberList['invitations'][number]
