import { Form, useLocation } from '@remix-run/react'
import { classNames } from '../../lib/class-names.ts'
import { useRootData } from '../../lib/root-data.ts'
import type { Theme } from '../../lib/theme.ts'

const CHOICES: { theme: Theme; label: string }[] = [
  { theme: 'system', label: 'System' },
  { theme: 'light', label: 'Light' },
  { theme: 'dark', label: 'Dark' },
]

/** Light, dark or as the system has it; kept in a cookie, so that the first paint is right. */
export function ThemeForm({ current }: { current?: Theme | undefined }) {
  const root = useRootData()
  const { pathname, search } = useLocation()
  const theme = current ?? root?.theme ?? 'system'
  return (
    <Form method="post" action="/theme" preventScrollReset className="px-2.5 py-1.5">
      <input type="hidden" name="returnTo" value={pathname + search} />
      <fieldset>
        <legend className="sr-only">Appearance</legend>
        <span className="flex overflow-hidden rounded-s border border-line-strong">
          {CHOICES.map(choice => (
            <button
              key={choice.theme}
              type="submit"
              name="theme"
              value={choice.theme}
              aria-pressed={choice.theme === theme}
              className={classNames(
                'min-h-6 flex-1 px-1 py-0.5 text-xs -outline-offset-2',
                choice.theme === theme
                  ? 'bg-accent-soft font-semibold text-accent'
                  : 'text-ink-2 hover:bg-sunken',
              )}
            >
              {choice.label}
            </button>
          ))}
        </span>
      </fieldset>
    </Form>
  )
}
