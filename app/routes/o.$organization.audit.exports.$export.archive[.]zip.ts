import { Readable } from 'node:stream'
import { createReadableStreamFromReadable, type LoaderFunctionArgs } from '@remix-run/node'
import { loaderResult } from '../lib/procedure-errors.ts'

/** An archive as a file: saved, never shown, and sent while it is read. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { filename, bytes, sha256, pieces } = await loaderResult(
    request,
    context.caller.exports.download({
      organization: params.organization ?? '',
      exportId: params.export ?? '',
    }),
  )
  return new Response(createReadableStreamFromReadable(Readable.from(pieces)), {
    headers: {
      'Content-Type': 'application/zip',
      'Content-Length': String(bytes),
      'Content-Disposition': `attachment; filename="${filename}"`,
      'Content-Security-Policy': "sandbox; default-src 'none'",
      ETag: `"${sha256}"`,
    },
  })
}
