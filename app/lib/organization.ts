import { useParams, useRouteLoaderData } from '@remix-run/react'

/** What every procedure of an organization takes, read from a page's address. */
export function organizationScope(
  request: Request,
  params: { organization?: string | undefined },
): { organization: string; asOf?: string } {
  const asOf = new URL(request.url).searchParams.get('asOf')
  return { organization: params.organization ?? '', ...(asOf ? { asOf } : {}) }
}

/** The address of a request's page as it came, encoded: what people made up may stand in it. */
export const pathOf = (request: Request): string => new URL(request.url).pathname

/** `/o/<organization>`: the address that everything of the organization being shown lies below. */
export function useBase(): string {
  const { organization = '' } = useParams()
  return `/o/${organization}`
}

/**
 * Whether the reader may do something here, as the organization's frame was told; true where nothing is asked for. For
 * what is offered; the server decides.
 */
export function useIsAllowed(permission: string | undefined): boolean {
  const frame = useRouteLoaderData<{ shell: { permissions: readonly string[] } }>('routes/o.$organization')
  return permission === undefined || (frame?.shell.permissions.includes(permission) ?? false)
}

/** Whether the organization being shown is played on a moved clock. */
export function useIsSimulated(): boolean {
  const frame = useRouteLoaderData<{ shell: { simulated: boolean } }>('routes/o.$organization')
  return frame?.shell.simulated ?? false
}
