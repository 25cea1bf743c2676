import { useFetcher, useSubmit } from '@remix-run/react'
import KeyRound from 'lucide-react/icons/key-round'
import { type ReactNode, type RefObject, useEffect, useState } from 'react'
import { useHydrated } from '../../lib/hydrated.ts'
import { knowsPasskeys, runCeremony } from '../../lib/passkeys.ts'
import { Button } from '../ui/button.tsx'
import { FormError } from '../ui/form-error.tsx'

/**
 * Makes a passkey or signs in with one: asks the page's action for what to sign (`intent` with `_options`), then sends
 * the authenticator's answer as `credential` with `intent` and what else is in the form. Needs JavaScript, and says so
 * where there is none.
 */
export function PasskeyButton({ kind, intent, form, variant = 'secondary', children }: PasskeyButtonProps) {
  const isHydrated = useHydrated()
  const fetcher = useFetcher<{ options?: Record<string, unknown>; message?: string | null }>()
  const submit = useSubmit()
  const [problem, setProblem] = useState<string | null>(null)
  const answer = fetcher.data

  useEffect(() => {
    if (!answer?.options) return
    const send = async (options: Record<string, unknown>) => {
      const body = new FormData(form.current ?? undefined)
      body.set('intent', intent)
      body.set('credential', await runCeremony(kind, options))
      submit(body, { method: 'post' })
    }
    send(answer.options).catch(() => setProblem(NOT_DONE))
  }, [answer, kind, intent, form, submit])

  const begin = () => {
    setProblem(null)
    if (!knowsPasskeys()) setProblem(UNKNOWN)
    else if (form.current?.reportValidity() !== false) {
      fetcher.submit({ intent: `${intent}_options` }, { method: 'post' })
    }
  }
  return (
    <div className="grid gap-3">
      <FormError message={problem ?? answer?.message} />
      <noscript>
        <p className="text-s text-ink-2">Passkeys need JavaScript, which is off in this browser.</p>
      </noscript>
      <Button
        variant={variant}
        icon={<KeyRound aria-hidden />}
        isPending={fetcher.state !== 'idle'}
        disabled={!isHydrated}
        onClick={begin}
      >
        {children}
      </Button>
    </div>
  )
}

type PasskeyButtonProps = {
  kind: 'create' | 'get'
  intent: string
  /** Its fields are sent along. */
  form: RefObject<HTMLFormElement>
  variant?: 'primary' | 'secondary'
  children: ReactNode
}

const NOT_DONE =
  'The passkey was not used: the request was cancelled, took too long, or this device has none for this address. Nothing was changed; try again.'
const UNKNOWN = 'This browser is too old for passkeys. Use a newer one, or your password.'
