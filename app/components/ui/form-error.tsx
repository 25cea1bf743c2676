import OctagonAlert from 'lucide-react/icons/octagon-alert'
import { useEffect, useRef } from 'react'

/**
 * What a refused form says, above its fields: one message for the whole and a link to each field at fault. Takes the
 * focus when it appears, so that keyboard and speech land on it. Draws nothing when there is nothing to say.
 */
export function FormError({ message, fieldErrors = {}, labels = {} }: FormErrorProps) {
  const box = useRef<HTMLDivElement>(null)
  const fields = Object.entries(fieldErrors).flatMap(([name, errors]) => {
    const text = Array.isArray(errors) ? errors.join(' ') : errors
    return text ? [{ name, text }] : []
  })
  const isShown = Boolean(message) || fields.length > 0
  const content = `${message ?? ''}|${fields.map(field => field.name + field.text).join('|')}`
  // A changed message is a new refusal and takes the focus again
  useEffect(() => {
    if (isShown) box.current?.focus()
  }, [isShown, content])
  if (!isShown) return null

  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      className="flex gap-3 rounded-m border border-fail/30 bg-fail-soft px-4 py-3 text-s text-ink"
    >
      <OctagonAlert aria-hidden className="mt-px size-[18px] flex-none text-fail" />
      <div className="min-w-0 space-y-1">
        <p className="font-semibold text-fail">{message ?? 'Please look at these fields again'}</p>
        {fields.length > 0 ? (
          <ul className="list-disc space-y-0.5 ps-4">
            {fields.map(field => (
              <li key={field.name}>
                <a href={`#field-${field.name}`} className="link">
                  {labels[field.name] ? `${labels[field.name]}: ` : ''}
                  {field.text}
                </a>
              </li>
            ))}
          </ul>
        ) : null}
      </div>
    </div>
  )
}

export type FieldErrors = Record<string, string | string[] | null | undefined>

export type FormErrorProps = {
  message?: string | null | undefined
  fieldErrors?: FieldErrors | undefined
  labels?: Record<string, string>
}
