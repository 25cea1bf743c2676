import type { LoaderFunctionArgs } from '@remix-run/node'
import { loaderResult } from '../lib/procedure-errors.ts'
import { savedCsv } from '../lib/saved-file.ts'

/** A control's population at a moment as a file: saved, never shown, and sent while it is read. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const { organization = '', assessment: assessmentId = '' } = params
  const { control: controlId = '', attachment: attachmentId = '' } = params
  const asked = { organization, assessmentId, controlId, attachmentId }
  return savedCsv(await loaderResult(request, context.caller.assessments.populationCsv(asked)))
}
