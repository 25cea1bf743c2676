import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { AssessmentsPage } from '../components/assessments/assessments-page.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { checkedNames, fieldText, formAction, readForm } from '../lib/form-action.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Assessments · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  return loaderResult(request, context.caller.assessments.list(organizationScope(request, params)))
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const organization = params.organization ?? ''
  return formAction(request, form, async () => {
    const { assessmentId } = await context.caller.assessments.open({
      organization,
      name: fieldText(form, 'name'),
      periodFrom: fieldText(form, 'periodFrom'),
      periodTo: fieldText(form, 'periodTo'),
      controls: checkedNames(form, 'control-'),
    })
    return redirect(`/o/${organization}/assessments/${assessmentId}?done=open`)
  })
}

export default function AssessmentsRoute() {
  return <AssessmentsPage list={useLoaderData<typeof loader>()} refusal={useActionData<typeof action>()} />
}
