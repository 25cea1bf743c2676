import { Callout } from '../ui/callout.tsx'
import { CodeBlock } from '../ui/code.tsx'

/** Backup codes, shown once. */
export function BackupCodes({ codes }: { codes: readonly string[] }) {
  return (
    <section className="grid gap-3" aria-labelledby="codes">
      <h2 id="codes" className="text-m font-semibold">
        Your backup codes
      </h2>
      <Callout tone="warn" title="This is the only time that they are shown" role="status">
        Keep them where you find them without your phone. Each gets you in once, in place of a code of the
        app.
      </Callout>
      <CodeBlock value={codes.join('\n')} label="backup codes" />
    </section>
  )
}
