import {
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { CatalogueCard } from '../components/settings/catalogue-card.tsx'
import { ElsewhereCard } from '../components/settings/elsewhere-card.tsx'
import { ScopeCard } from '../components/settings/scope-card.tsx'
import { ThresholdsCard } from '../components/settings/thresholds-card.tsx'
import { TimeControl } from '../components/time/look-back.tsx'
import { Callout } from '../components/ui/callout.tsx'
import { FormError } from '../components/ui/form-error.tsx'
import { PageHeader } from '../components/ui/page-header.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction } from '../lib/form-action.ts'
import { organizationScope, useIsAllowed } from '../lib/organization.ts'
import { loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Rules and scope · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const settings = await loaderResult(
    request,
    context.caller.settings.get(organizationScope(request, params)),
  )
  return { settings, done: new URL(request.url).searchParams.get('done') }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await request.formData()
  const { organization = '' } = params
  const { settings } = context.caller
  const intent = fieldText(form, 'intent')
  return formAction(request, form, async () => {
    const scope = {
      organization,
      isInScope: fieldText(form, 'isInScope') === 'true',
      reason: fieldText(form, 'reason'),
    }
    if (intent === 'threshold') {
      await settings.setThreshold({
        organization,
        // The procedure's schema is what checks it.
        thresholdId: fieldText(form, 'thresholdId') as 'silent_days',
        value: wholeNumber(fieldText(form, 'value')),
      })
    } else if (intent === 'scope_control') {
      await settings.scopeControl({ ...scope, controlId: fieldText(form, 'id') })
    } else if (intent === 'scope_source') {
      await settings.scopeSource({ ...scope, sourceId: fieldText(form, 'id') })
    } else {
      await settings.adoptCatalogue({ organization })
    }
    return redirect(`/o/${organization}/settings/organization?done=${encodeURIComponent(intent)}`)
  })
}

export default function SettingsRoute() {
  const { settings, done } = useLoaderData<typeof loader>()
  const refusal = useActionData<typeof action>()
  const { isNow } = settings.asOf
  const isScopeDecider = useIsAllowed('scope:decide') && isNow
  const isSettable = useIsAllowed('thresholds:set') && isNow
  const isAdopter = useIsAllowed('organization:manage') && isNow
  const shown = (intent: string) => (refusal?.intent === intent ? refusal : undefined)
  return (
    <>
      <PageHeader
        title="Rules and scope"
        description="What this organization set of its rules. Each change is an event and counts from then on; the past is judged by what was in force then."
        right={<TimeControl />}
      />
      {done && !refusal && DONE[done] ? (
        <Callout tone="success" role="status">
          {DONE[done]}
        </Callout>
      ) : null}
      {refusal?.intent === 'adopt' ? <FormError message={refusal.message} /> : null}
      <ThresholdsCard thresholds={settings.thresholds} isSettable={isSettable} refusal={shown('threshold')} />
      <ScopeCard
        what="source"
        title="Directories in scope"
        explanation="Coverage is over these. A revoked connection counts as no data until its directory is taken out of scope, so that revoking never raises coverage."
        rows={settings.sources}
        isDecider={isScopeDecider}
        refusal={shown('scope_source')}
      />
      <ScopeCard
        what="control"
        title="Controls in scope"
        explanation="A control out of scope is judged all the same and counts for nothing."
        rows={settings.controls}
        isDecider={isScopeDecider}
        refusal={shown('scope_control')}
      />
      <CatalogueCard settings={settings} isDecider={isAdopter} />
      <ElsewhereCard />
    </>
  )
}

/** What is no number is none to the procedure either. */
const wholeNumber = (text: string) => (text.trim() === '' ? Number.NaN : Number(text))

const DONE: Record<string, string> = {
  threshold: 'The threshold is set. Every directory was judged by it at once.',
  scope_source: 'The scope is changed. Coverage follows from now on.',
  scope_control: 'The scope is changed. Coverage follows from now on.',
  adopt: 'The newest version of the control catalogue judges from now on.',
}
