import X from 'lucide-react/icons/x'
import { type ReactNode, useId, useRef } from 'react'
import { type ButtonSize, type ButtonVariant, buttonClassName } from './button.tsx'

/**
 * A button and the native dialog it opens. Without JavaScript the same element opens as a popover. Forms inside post as
 * usual.
 */
export function Dialog({
  trigger,
  triggerVariant = 'secondary',
  triggerSize = 'm',
  icon,
  title,
  children,
}: DialogProps) {
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  return (
    <>
      <button
        type="button"
        {...{ popovertarget: id }}
        aria-haspopup="dialog"
        onClick={event => {
          event.preventDefault()
          if (!dialog.current?.open) dialog.current?.showModal()
        }}
        className={buttonClassName({ variant: triggerVariant, size: triggerSize })}
      >
        {icon}
        {trigger}
      </button>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself; the click is for its backdrop */}
      <dialog
        ref={dialog}
        id={id}
        {...{ popover: 'auto' }}
        aria-labelledby={`${id}-title`}
        onClick={event => {
          if (event.target === dialog.current) dialog.current.close()
        }}
        className="m-auto w-[min(34rem,calc(100vw-2rem))] rounded-m border border-line-strong bg-surface p-0 text-ink shadow-raised"
      >
        <div className="p-5">
          <header className="mb-3 flex items-start gap-4">
            <h2 id={`${id}-title`} className="text-l font-semibold">
              {title}
            </h2>
            <button
              type="button"
              {...{ popovertarget: id, popovertargetaction: 'hide' }}
              onClick={event => {
                event.preventDefault()
                dialog.current?.close()
              }}
              className="ms-auto inline-flex size-7 items-center justify-center rounded-s text-ink-3 hover:bg-sunken hover:text-ink"
            >
              <X aria-hidden className="size-4" />
              <span className="sr-only">Close</span>
            </button>
          </header>
          <div className="space-y-4 text-s">{children}</div>
        </div>
      </dialog>
    </>
  )
}

export type DialogProps = {
  trigger: ReactNode
  triggerVariant?: ButtonVariant
  triggerSize?: ButtonSize
  icon?: ReactNode
  title: ReactNode
  children: ReactNode
}
