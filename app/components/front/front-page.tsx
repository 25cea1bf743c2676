import History from 'lucide-react/icons/history'
import ListChecks from 'lucide-react/icons/list-checks'
import ShieldCheck from 'lucide-react/icons/shield-check'
import { PRODUCT_PURPOSE } from '../../lib/brand.ts'
import { SkipLink } from '../layout/skip-link.tsx'
import { LinkButton } from '../ui/button.tsx'
import { Logo } from '../ui/logo.tsx'

/** What the product is, in as few words as are true. */
export function FrontPage() {
  return (
    <div className="mx-auto grid min-h-screen max-w-240 grid-rows-[auto_1fr_auto] px-5 py-6">
      <SkipLink />
      <header className="flex items-center justify-between gap-4">
        <Logo />
        <LinkButton to="/login">Sign in</LinkButton>
      </header>
      <main id="main" className="grid content-center gap-10 py-14">
        <div className="grid gap-5">
          <h1 className="max-w-2xl text-hero leading-tight font-title tracking-tight text-balance">
            {PRODUCT_PURPOSE}
          </h1>
          <p className="max-w-xl text-l text-ink-2">
            It reads Microsoft Entra ID every hour, read-only, judges six access controls on what it found,
            and keeps both so that any past moment can be shown again as it was.
          </p>
          <div className="flex flex-wrap gap-2">
            <LinkButton to="/register" variant="primary">
              Register an organization
            </LinkButton>
            <LinkButton to="/login">Sign in</LinkButton>
          </div>
        </div>
        <ul className="grid gap-x-8 gap-y-6 border-t border-line pt-8 sm:grid-cols-3">
          {POINTS.map(({ Icon, title, text }) => (
            <li key={title} className="grid content-start gap-1.5">
              <Icon aria-hidden className="size-5 text-accent" />
              <h2 className="text-m font-semibold">{title}</h2>
              <p className="text-s text-ink-2">{text}</p>
            </li>
          ))}
        </ul>
      </main>
      <footer className="border-t border-line pt-4 text-xs text-ink-3">
        Open source, Apache License 2.0.
      </footer>
    </div>
  )
}

const POINTS = [
  {
    Icon: ListChecks,
    title: 'Every hour accounted for',
    text: 'Collected, same as before, failed, missing or not readable: a gap is shown as a gap and never filled in.',
  },
  {
    Icon: History,
    title: 'Any moment again',
    text: 'Every page can be opened as of a past instant: the rules of that day, and only what was known then.',
  },
  {
    Icon: ShieldCheck,
    title: 'Unknown is never a pass',
    text: 'Coverage falls by itself when evidence ages, and each verdict names what made it.',
  },
]
