import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { AssessmentPage } from '../components/assessments/assessment-page.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { checkedNames, fieldText, formAction, readForm } from '../lib/form-action.ts'
import { organizationScope } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.page.name ?? 'Assessment'} · ${PRODUCT_NAME}` },
]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const scope = { ...organizationScope(request, params), assessmentId: params.assessment ?? '' }
  const page = await loaderResult(request, context.caller.assessments.get(scope))
  return { page, done: new URL(request.url).searchParams.get('done') }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const { organization = '', assessment: assessmentId = '' } = params
  const { assessments } = context.caller
  const asked = { organization, assessmentId }
  const text = (name: string) => fieldText(form, name)
  const here = `/o/${organization}/assessments/${assessmentId}`
  return formAction(request, form, async () => {
    const intent = text('intent')
    switch (intent) {
      case 'attach-current':
        await assessments.attachCurrent({
          ...asked,
          instants: [...checkedNames(form, 'instant-'), text('instant')],
          windows: form.has('windows'),
        })
        return redirect(`${here}?done=attach#evidence`)
      case 'attach':
        await assessments.attach({ ...asked, evidenceId: text('evidenceId'), instant: text('instant') })
        return redirect(`${here}?done=attach#evidence`)
      case 'detach':
        await assessments.detach({ ...asked, attachmentId: text('attachmentId'), reason: text('reason') })
        return redirect(`${here}?done=detach#evidence`)
      case 'rename':
        await assessments.rename({ ...asked, name: text('name') })
        break
      case 'change-period':
        await assessments.changePeriod({
          ...asked,
          periodFrom: text('periodFrom'),
          periodTo: text('periodTo'),
        })
        break
      case 'submit':
        await assessments.submit(asked)
        break
      case 'send-back':
        await assessments.sendBack({ ...asked, reason: text('reason') })
        break
      case 'export': {
        const { exportId } = await context.caller.exports.request({
          organization,
          scope: 'assessment',
          assessmentId,
        })
        return redirect(`/o/${organization}/audit/exports/${exportId}`)
      }
      case 'approve':
        await assessments.approve({ ...asked, confirmation: text('confirmation') })
        break
      default: {
        const [controlId = '', attachmentId = ''] = text('population').split(' ')
        const size = Number(text('size'))
        const { sampleId } = await assessments.drawSample({
          ...asked,
          controlId,
          attachmentId,
          size,
          seed: text('seed').trim(),
        })
        return redirect(`${here}/samples/${sampleId}`)
      }
    }
    return redirect(`${here}?done=${encodeURIComponent(intent)}`)
  })
}

export default function AssessmentRoute() {
  const { page, done } = useLoaderData<typeof loader>()
  return <AssessmentPage data={page} done={done} refusal={useActionData<typeof action>()} />
}
