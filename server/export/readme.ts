import { productName } from '../product.ts'
import { type ArchiveScope, nameOf } from './archive-scope.ts'
import type { SealedLog } from './sealed-log.ts'

/** What the archive is and how to verify it, for whoever opens it first. */
export function readmeText(scope: ArchiveScope, log: SealedLog, verifierSha256: string): string {
  const { period, asOf, isSimulated } = scope
  const covered = period
    ? `what was recorded after ${period.from.toISOString()}, up to and with ${period.to.toISOString()}`
    : `everything that was recorded up to and with ${asOf.instant.toISOString()}`
  return `${productName}: evidence and events of ${nameOf(scope)}

This archive holds ${covered} (ledger position ${asOf.position}).
Its contents are held to the log ${log.origin} at the size of ${log.size} events.
${isSimulated ? '\nThis organization’s history was played on a moved clock. It is no record of real time.\n' : ''}
To verify it, on a machine with Node.js 20.15 or later and without a network:

1. Take the verifier out of the archive. Its SHA-256 below is only as good as the
   archive: compare it with a build of your own from the product's source, or use
   that one in its place.

     unzip -p ARCHIVE.zip verify.mjs > verify.mjs
     echo "${verifierSha256}  verify.mjs" | sha256sum --check

2. Run it, with a key that you were given by other ways than this archive, and with
   a checkpoint that you kept from before, if you have one:

     node verify.mjs ARCHIVE.zip --key "KEY" --checkpoint FILE

It says in plain words what holds, and names the first thing that does not. The
keys in keys.txt are the log's own: they prove nothing by themselves.

summary.html is for reading and for paper. What every other file is, and what the
archive can and cannot show, is in docs/export-format.md of the product's source.
`
}
