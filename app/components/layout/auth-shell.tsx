import type { ReactNode } from 'react'
import { PRODUCT_PURPOSE } from '../../lib/brand.ts'
import { Logo } from '../ui/logo.tsx'

/** The frame of sign-in pages: one card in the middle, the mark and what the product is for. */
export function AuthShell({ title, description, footer, isWide = false, children }: AuthShellProps) {
  return (
    <div className="grid min-h-screen content-center justify-items-center gap-6 px-4 py-10">
      <header className="grid justify-items-center gap-2 text-center">
        <Logo size="l" />
        <p className="max-w-sm text-s text-balance text-ink-2">{PRODUCT_PURPOSE}</p>
      </header>
      <main
        id="main"
        className={`w-full rounded-m border border-line bg-surface p-6 ${isWide ? 'max-w-xl' : 'max-w-100'}`}
      >
        <h1 className="text-l font-title tracking-tight">{title}</h1>
        {description !== undefined ? <div className="mt-1 text-s text-ink-2">{description}</div> : null}
        <div className="mt-5 grid gap-4">{children}</div>
      </main>
      {footer !== undefined ? <footer className="text-center text-s text-ink-2">{footer}</footer> : null}
    </div>
  )
}

export type AuthShellProps = {
  title: ReactNode
  description?: ReactNode
  /** Below the card: the way to register, to sign in, to reset. */
  footer?: ReactNode
  isWide?: boolean
  children: ReactNode
}
