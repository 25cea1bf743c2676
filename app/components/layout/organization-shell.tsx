import type { ReactNode } from 'react'
import { useRootData } from '../../lib/root-data.ts'
import { LiveProvider } from '../live/live-provider.tsx'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { AppShell } from './app-shell.tsx'
import { organizationNav } from './organization-nav.ts'

/** The frame of an organization's pages with what the server says of it. */
export function OrganizationShell({ shell, stops, children }: OrganizationShellProps) {
  const { slug, name, roleName, permissions, controls, openAlerts, user, others, asOf } = shell
  const theme = useRootData()?.theme
  const base = `/o/${slug}`
  return (
    <AppShell
      base={base}
      organization={{ name, role: roleName, href: base }}
      organizations={others.map(other => ({
        name: other.name,
        role: other.roleName,
        href: `/o/${other.slug}`,
      }))}
      user={{ ...user, ...(theme === undefined ? {} : { theme }) }}
      nav={organizationNav(base, permissions, { controls, openAlerts })}
      {...(shell.simulated || shell.deletesAt ? { notice: <Notice {...shell} /> } : {})}
      asOf={
        asOf.isNow
          ? null
          : {
              instant: asOf.instant,
              position: asOf.position,
              checkpointSize: shell.checkpointSize,
              stops: stops?.stops.map(stopOf) ?? [],
              previous: stops?.before ? stopOf(stops.before) : null,
              next: stops?.after ? stopOf(stops.after) : null,
            }
      }
    >
      <LiveProvider organization={slug} position={asOf.position} isFollowed={asOf.isNow}>
        {children}
      </LiveProvider>
    </AppShell>
  )
}

export type OrganizationShellProps = {
  shell: {
    slug: string
    name: string
    simulated: boolean
    deletesAt: Date | null
    roleName: string
    permissions: readonly string[]
    controls: number
    openAlerts: number
    checkpointSize: number | null
    user: { name: string; email: string }
    others: readonly { slug: string; name: string; roleName: string }[]
    asOf: { instant: Date; position: number; isNow: boolean }
  }
  /** Null for now. */
  stops: { stops: readonly Stop[]; before: Stop | null; after: Stop | null } | null
  children: ReactNode
}

type Stop = { at: Date; position: number; label: string }

const stopOf = ({ at, position, label }: Stop) => ({ instant: at, position, label })

/** What every page says of the organization. */
function Notice({ simulated, deletesAt, slug }: OrganizationShellProps['shell']) {
  return (
    <>
      {simulated ? <span className="block">{SIMULATED}</span> : null}
      {deletesAt ? (
        <strong className="block font-semibold">
          This organization is to be deleted on <Time value={deletesAt} />. Until then an owner can take that
          back{' '}
          <AsOfLink className="link" to={`/o/${slug}/settings/organization/data#deletion`}>
            on the page Data
          </AsOfLink>
          .
        </strong>
      ) : null}
    </>
  )
}

const SIMULATED =
  'Simulated: a moved clock and a stand-in directory. Nothing here is evidence of anything real.'
