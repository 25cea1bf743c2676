import { useNavigation } from '@remix-run/react'
import LoaderCircle from 'lucide-react/icons/loader-circle'
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { PageLink, type PageLinkProps } from './page-link.tsx'

export type ButtonVariant = 'primary' | 'secondary' | 'danger' | 'quiet' | 'past'
export type ButtonSize = 's' | 'm'

type Look = { variant?: ButtonVariant; size?: ButtonSize; icon?: ReactNode }

/** A button that sends or does something. While `isPending` it keeps its place, shows a spinner and refuses clicks. */
export function Button({
  variant = 'secondary',
  size = 'm',
  icon,
  isPending = false,
  type = 'button',
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      aria-disabled={isPending || undefined}
      aria-busy={isPending || undefined}
      onClick={event => {
        if (isPending) event.preventDefault()
        else onClick?.(event)
      }}
      className={classNames(buttonClassName({ variant, size }), className)}
    >
      {isPending ? <LoaderCircle aria-hidden className="size-4 animate-spin" /> : icon}
      {children}
    </button>
  )
}

export type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & Look & { isPending?: boolean }

/**
 * A button that sends its form. With `intent` it is sent as `intent=<value>` and only this button shows the wait, so
 * that a page may hold several forms.
 */
export function SubmitButton({
  intent,
  variant = 'primary',
  pendingLabel,
  children,
  ...rest
}: SubmitButtonProps) {
  const navigation = useNavigation()
  const isSending = navigation.state !== 'idle' && navigation.formMethod !== undefined
  const isPending = isSending && (intent === undefined || navigation.formData?.get('intent') === intent)
  return (
    <Button
      {...rest}
      {...(intent === undefined ? {} : { name: 'intent', value: intent })}
      type="submit"
      variant={variant}
      isPending={isPending}
    >
      {isPending && pendingLabel ? pendingLabel : children}
    </Button>
  )
}

export type SubmitButtonProps = Omit<ButtonProps, 'type' | 'isPending'> & {
  intent?: string
  pendingLabel?: ReactNode
}

/** A link that looks like a button: it goes somewhere, it changes nothing. */
export function LinkButton({
  variant = 'secondary',
  size = 'm',
  icon,
  className,
  children,
  ...rest
}: LinkButtonProps) {
  return (
    <PageLink {...rest} className={classNames(buttonClassName({ variant, size }), className)}>
      {icon}
      {children}
    </PageLink>
  )
}

export type LinkButtonProps = Omit<PageLinkProps, 'className'> & Look & { className?: string }

/** The classes alone, for a plain anchor (a download) or a summary that looks like a button. */
export function buttonClassName({ variant = 'secondary', size = 'm' }: Omit<Look, 'icon'> = {}): string {
  return classNames(
    'inline-flex items-center justify-center gap-1.5 rounded-s border text-s leading-5 no-underline whitespace-nowrap select-none',
    'transition-colors disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-progress aria-disabled:opacity-70',
    '**:[svg]:size-4 **:[svg]:flex-none',
    size === 's' ? 'px-2 py-0.5 min-h-7' : 'px-3 py-1 min-h-8',
    VARIANTS[variant],
  )
}

const VARIANTS: Record<ButtonVariant, string> = {
  primary:
    'border-accent bg-accent text-accent-ink font-semibold hover:border-accent-strong hover:bg-accent-strong',
  secondary: 'border-line-strong bg-surface text-ink hover:border-line-input hover:bg-sunken',
  danger: 'border-fail bg-fail text-fail-ink font-semibold hover:border-fail-strong hover:bg-fail-strong',
  quiet: 'border-transparent bg-transparent text-ink-2 hover:bg-sunken hover:text-ink',
  past: 'border-past bg-past text-past-ink font-semibold hover:border-past-strong hover:bg-past-strong',
}
