import { count, eq } from 'drizzle-orm'
import { events } from '../../db/schema/ledger.ts'
import { authorizationAttempt, connection, credential } from '../../db/schema/state.ts'
import { signInAndConsent } from '../../sandbox/entra/browse.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import type { Caller } from '../../server/trpc/router.ts'
import { clientSecret } from './entra.ts'
import { newPerson, type Person } from './people.ts'
import type { Scene } from './seed.ts'

/** An organization with an owner who is signed in, beside others on the same services. */
export interface Office {
  owner: Person
  organizationId: string
  slug: string
}

export async function openOffice(scene: Scene, name = 'Quay Street'): Promise<Office> {
  const owner = await newPerson(scene.services)
  const organization = { userId: owner.id, name, simulated: true }
  return { owner, ...(await registerOrganization(scene.services, organization)) }
}

/** What the connect form of the scene's directory sends. */
export const connectForm = (scene: Scene, office: Office) => ({
  organization: office.slug,
  connector: 'entra',
  externalTenantId: scene.spec.tenantId,
  clientId: scene.spec.apps[0]?.clientId ?? '',
  clientSecret,
  secretExpiresOn: new Date(scene.clock.now().getTime() + 180 * 86_400_000).toISOString().slice(0, 10),
  cloud: scene.spec.cloud ?? 'global',
})

/** Sends the form and walks the stand-in's sign-in; answers what came back to the callback. */
export async function comeBack(
  scene: Scene,
  office: Office,
  options: { form?: Partial<ReturnType<typeof connectForm>>; account?: string; decline?: boolean } = {},
): Promise<URLSearchParams> {
  const { form, ...person } = options
  const { authorizeUrl } = await office.owner.browser.call(caller =>
    caller.connections.begin({ ...connectForm(scene, office), ...form }),
  )
  return (await signInAndConsent(authorizeUrl, person)).searchParams
}

/** Opens the callback in the office's browser, or in another one. */
export const complete = (office: Pick<Office, 'owner'>, callback: URLSearchParams) =>
  office.owner.browser.call(caller => caller.connections.complete({ query: callback.toString() }))

/** Connects the scene's directory to an office of its own. */
export async function connectOffice(scene: Scene, office: Office): Promise<string> {
  const outcome = await complete(office, await comeBack(scene, office))
  if (outcome.outcome !== 'connected') throw new Error(`not connected: ${JSON.stringify(outcome)}`)
  return outcome.connectionId
}

export const call = <T>(
  office: Office,
  work: (caller: Caller, organization: string) => Promise<T>,
): Promise<T> => office.owner.browser.call(caller => work(caller, office.slug))

/** What of a connection there is in an organization. */
export async function remains(scene: Scene, { organizationId }: Office) {
  return scene.services.database.withOrganization(organizationId, async transaction => {
    const counted = async (
      table: typeof connection | typeof credential | typeof authorizationAttempt | typeof events,
    ) => {
      const [row] = await transaction
        .select({ count: count() })
        .from(table)
        .where(eq(table.organizationId, organizationId))
      return row?.count ?? 0
    }
    return {
      connections: await counted(connection),
      credentials: await counted(credential),
      attempts: await counted(authorizationAttempt),
      events: await counted(events),
    }
  })
}
