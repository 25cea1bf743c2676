import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { RetentionCard } from '../components/retention/retention-card.tsx'
import { TimeControl } from '../components/time/look-back.tsx'
import { Callout } from '../components/ui/callout.tsx'
import { PageHeader } from '../components/ui/page-header.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction } from '../lib/form-action.ts'
import { organizationScope } from '../lib/organization.ts'
import { failureOf, loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Data · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const scope = organizationScope(request, params)
  const { organization } = scope
  const { searchParams } = new URL(request.url)
  const { retention } = context.caller
  const shown = await loaderResult(request, retention.show(scope))
  const asked = searchParams.get('retention')
  const preview =
    asked === null || !shown.canManage
      ? null
      : await loaderResult(
          request,
          // A text that is no number of years is told at its field.
          retention.preview({ organization, years: asked }).catch(refusedAt('years')),
        )
  return { retention: shown, asked, preview, done: searchParams.get('done') }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await request.formData()
  const { organization = '' } = params
  const here = `/o/${organization}/settings/organization/data`
  return formAction(request, form, async () => {
    await context.caller.retention.change({
      organization,
      years: fieldText(form, 'years'),
      reason: fieldText(form, 'reason'),
      confirmation: fieldText(form, 'confirmation'),
    })
    return redirect(`${here}?done=retention`, 303)
  })
}

export default function Data() {
  const { done, ...data } = useLoaderData<typeof loader>()
  const refusal = useActionData<typeof action>()
  return (
    <>
      <PageHeader
        title="Data"
        description="How long what was collected is kept, and what is removed for good."
        right={<TimeControl />}
      />
      {done && !refusal && DONE[done] ? <Callout tone="success">{DONE[done]}</Callout> : null}
      <RetentionCard {...data} refusal={refusal?.intent === 'retention' ? refusal : undefined} />
    </>
  )
}

const DONE: Record<string, string> = {
  retention: 'The retention window is changed. The next daily purge goes by it.',
}

/** For `catch`: what an address's field is refused with; every other error stays one. */
const refusedAt = (field: string) => (error: unknown) => {
  const refused = failureOf(error)?.fields[field]
  if (refused === undefined) throw error
  return { refused }
}
