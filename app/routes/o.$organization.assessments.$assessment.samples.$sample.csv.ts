import type { LoaderFunctionArgs } from '@remix-run/node'
import { loaderResult } from '../lib/procedure-errors.ts'
import { savedCsv } from '../lib/saved-file.ts'

/** A sample as a file, with the proofs: saved, never shown. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { organization = '', assessment: assessmentId = '', sample: sampleId = '' } = params
  const asked = { organization, assessmentId, sampleId }
  return savedCsv(await loaderResult(request, context.caller.assessments.sampleCsv(asked)))
}
