import { Callout } from '../ui/callout.tsx'
import { Code } from '../ui/code.tsx'

/** The one time that a new webhook's signing secret is shown. */
export function SigningSecret({ value }: { value: string }) {
  return (
    <Callout tone="success" title="The webhook is added. Copy its signing secret now" role="status">
      <p>
        It is shown this once and kept sealed. The receiver checks the header <code>webhook-signature</code>{' '}
        with it, as Standard Webhooks describes.
      </p>
      <Code value={value} copyLabel="Copy the signing secret" />
    </Callout>
  )
}
