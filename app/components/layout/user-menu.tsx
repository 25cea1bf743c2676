import { Form } from '@remix-run/react'
import ChevronUp from 'lucide-react/icons/chevron-up'
import type { Theme } from '../../lib/theme.ts'
import { PageLink } from '../ui/page-link.tsx'
import { ThemeForm } from './theme-form.tsx'

/** Who is signed in: account, appearance, sign out. Opens upwards in place, so that nothing covers the navigation. */
export function UserMenu({ name, email, theme }: UserMenuProps) {
  return (
    <details className="group mt-auto pt-4 text-s">
      <summary className="bare-summary flex cursor-pointer items-center gap-2 rounded-s px-2.5 py-1.5 hover:bg-sunken">
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium text-ink">{name}</span>
          <span className="block truncate text-xs text-ink-3">{email}</span>
        </span>
        <ChevronUp
          aria-hidden
          className="size-3.5 flex-none text-ink-3 transition-transform group-open:rotate-180"
        />
      </summary>
      <div className="grid gap-0.5 pt-1">
        <PageLink to="/account" className="rounded-s px-2.5 py-1.5 text-ink-2 hover:bg-sunken hover:text-ink">
          Account and security
        </PageLink>
        <ThemeForm current={theme} />
        <Form method="post" action="/logout">
          <button
            type="submit"
            className="w-full rounded-s px-2.5 py-1.5 text-start text-ink-2 hover:bg-sunken hover:text-ink"
          >
            Sign out
          </button>
        </Form>
      </div>
    </details>
  )
}

export type UserMenuProps = { name: string; email: string; theme?: Theme }
