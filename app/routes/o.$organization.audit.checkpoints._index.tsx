import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { CheckpointsPage } from '../components/audit/checkpoints-page.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction, readForm } from '../lib/form-action.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Checkpoints · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const scope = organizationScope(request, params)
  const before = new URL(request.url).searchParams.get('before')
  const { ledger } = context.caller
  const [first, { verifications }] = await loaderResult(
    request,
    Promise.all([ledger.checkpoints(scope), ledger.verification({ organization: scope.organization })]),
  )
  const list = before ? await loaderResult(request, ledger.checkpoints({ ...scope, before })) : first
  return { list, newest: first.checkpoints[0] ?? null, isPaged: before !== null, verifications }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const { organization = '' } = params
  const { ledger } = context.caller
  return formAction(request, form, async () => {
    if (fieldText(form, 'intent') === 'compare') {
      return data({
        comparison: await ledger.compareCheckpoint({ organization, note: await keptNote(form) }),
      })
    }
    await ledger.verify({ organization })
    return redirect(`/o/${organization}/audit/checkpoints#verify`, 303)
  })
}

/** A file that was chosen goes before what was pasted. */
async function keptNote(form: FormData): Promise<string> {
  const file = form.get('file')
  return file instanceof File && file.size > 0 ? file.text() : fieldText(form, 'note')
}

export default function CheckpointsRoute() {
  const answer = useActionData<typeof action>()
  return (
    <CheckpointsPage
      {...useLoaderData<typeof loader>()}
      comparison={answer && 'comparison' in answer ? answer.comparison : null}
      refusal={answer && 'intent' in answer ? answer : undefined}
    />
  )
}
