import { createTRPCClient, httpSubscriptionLink } from '@trpc/client'
import type { AppRouter } from '../../server/trpc/router.ts'

/** The browser's way to what goes on right now: subscriptions only, everything else comes with the page. */
export const live = createTRPCClient<AppRouter>({ links: [httpSubscriptionLink({ url: '/api/trpc' })] })
