import ChevronsUpDown from 'lucide-react/icons/chevrons-up-down'
import { PageLink } from '../ui/page-link.tsx'
import { Popover } from '../ui/popover.tsx'

/** An organization of the signed-in person, with the role they have there. */
export type OrganizationChoice = { name: string; role: string; href: string }

/** Where one is, and the way to one's other organizations. */
export function OrganizationSwitcher({
  current,
  others,
}: {
  current: OrganizationChoice
  others: OrganizationChoice[]
}) {
  return (
    <Popover
      isWide
      className="mb-3"
      summary={
        <span className="flex items-center gap-2 rounded-s border border-line bg-surface px-2.5 py-2 hover:border-line-strong">
          <span className="min-w-0 flex-1">
            <span className="line-clamp-2 font-semibold break-words text-ink">{current.name}</span>
            <span className="block truncate text-xs text-ink-3">{current.role}</span>
          </span>
          <ChevronsUpDown aria-hidden className="size-3.5 flex-none text-ink-3" />
          <span className="sr-only">Switch organization</span>
        </span>
      }
    >
      <ul className="grid gap-0.5 p-1.5">
        {others.map(organization => (
          <li key={organization.href}>
            <PageLink to={organization.href} className="block rounded-s px-2 py-1.5 hover:bg-sunken">
              <span className="block text-s font-medium break-words text-ink">{organization.name}</span>
              <span className="block truncate text-xs text-ink-3">{organization.role}</span>
            </PageLink>
          </li>
        ))}
        <li>
          <PageLink
            to="/organizations/new"
            className="block rounded-s px-2 py-1.5 text-s text-accent hover:bg-sunken"
          >
            New organization
          </PageLink>
        </li>
      </ul>
    </Popover>
  )
}
