import { Fragment } from 'react'

/** A sign-in name that breaks before its domain, a guest's before their own too, rather than anywhere. */
export function SignInName({ value }: { value: string | null }) {
  if (value === null) return <span className="text-ink-3">none</span>
  return (
    <span className="max-sm:break-all">
      {value.split(/(?=@|_|#EXT#)/).map((part, index) => (
        <Fragment key={`${index} ${part}`}>
          {index > 0 ? <wbr /> : null}
          {part}
        </Fragment>
      ))}
    </span>
  )
}
