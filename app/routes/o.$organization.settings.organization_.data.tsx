import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { DeletionCard } from '../components/retention/deletion-card.tsx'
import { ErasureCard } from '../components/retention/erasure-card.tsx'
import { RetentionCard } from '../components/retention/retention-card.tsx'
import { TimeControl } from '../components/time/look-back.tsx'
import { DoneNote } from '../components/ui/done-note.tsx'
import { PageHeader } from '../components/ui/page-header.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction, readForm } from '../lib/form-action.ts'
import { organizationScope } from '../lib/organization.ts'
import { failureOf, loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Data · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const scope = organizationScope(request, params)
  const { organization } = scope
  const { searchParams } = new URL(request.url)
  const { retention, erasures, organizations } = context.caller
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
  const done = searchParams.get('done')
  const deletion = shown.isOwner ? await loaderResult(request, organizations.deletion(scope)) : null
  const data = { retention: shown, asked, preview, done, deletion }
  if (!shown.isManager) return { ...data, erasure: null }
  const person = searchParams.get('person')
  const list = await loaderResult(request, erasures.list(scope))
  const search = person === null || !list.canManage ? null : person.slice(0, 120)
  const people =
    search === null ? null : (await loaderResult(request, erasures.find({ organization, search }))).people
  const [only] = people ?? []
  const isMeant = only !== undefined && only.subjectKey === search?.toLowerCase()
  const chosen = isMeant
    ? await loaderResult(
        request,
        erasures.preview({ organization, subject: only.subjectKey }).catch(nullWhereGone),
      )
    : null
  return { ...data, erasure: { erasure: list, asked: person, people, preview: chosen } }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const { organization = '' } = params
  const here = `/o/${organization}/settings/organization/data`
  const { erasures, organizations } = context.caller
  const subject = fieldText(form, 'subject')
  const reason = fieldText(form, 'reason')
  const confirmation = fieldText(form, 'confirmation')
  return formAction(request, form, async () => {
    switch (fieldText(form, 'intent')) {
      case 'request_deletion':
        await organizations.requestDeletion({ organization, confirmation })
        return redirect(`${here}?done=deletion#deletion`, 303)
      case 'cancel_deletion':
        await organizations.cancelDeletion({ organization })
        return redirect(`${here}?done=kept#deletion`, 303)
      case 'erase':
        await erasures.request({ organization, subject, reason, confirmation })
        return redirect(`${here}?done=erase`, 303)
      case 'lift':
        await erasures.lift({ organization, subject, reason })
        return redirect(`${here}?done=lift`, 303)
    }
    await context.caller.retention.change({
      organization,
      years: fieldText(form, 'years'),
      reason,
      confirmation,
    })
    return redirect(`${here}?done=retention`, 303)
  })
}

export default function Data() {
  const { done, erasure, deletion, ...data } = useLoaderData<typeof loader>()
  const refusal = useActionData<typeof action>()
  return (
    <>
      <PageHeader
        title="Data"
        description="How long what was collected is kept, and what is removed for good."
        right={<TimeControl />}
      />
      {refusal ? null : <DoneNote done={done} words={DONE} />}
      <RetentionCard {...data} refusal={refusal?.intent === 'retention' ? refusal : undefined} />
      {erasure ? <ErasureCard {...erasure} refusal={refusal} /> : null}
      {deletion ? (
        <DeletionCard
          deletion={deletion}
          refusal={refusal?.intent?.endsWith('deletion') ? refusal : undefined}
        />
      ) : null}
    </>
  )
}

const DONE: Record<string, string> = {
  erase: 'The person is being erased: what names them is removed within minutes, and not stored again.',
  deletion: 'The organization is to be deleted. Every page says when, and how to take it back.',
  kept: 'The organization stays.',
  lift: 'The erasure has ended: the next sync stores the name again.',
  retention: 'The retention window is changed. The next daily purge goes by it.',
}

/** For `catch`: what an address's field is refused with; every other error stays one. */
const refusedAt = (field: string) => (error: unknown) => {
  const refused = failureOf(error)?.fields[field]
  if (refused === undefined) throw error
  return { refused }
}

/** For `catch`: of whom nothing is held any more there is nothing to preview. */
function nullWhereGone(error: unknown): null {
  if (failureOf(error)?.status === 404) return null
  throw error
}
