import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { CatalogueCard } from '../components/settings/catalogue-card.tsx'
import { ElsewhereCard } from '../components/settings/elsewhere-card.tsx'
import { KeysCard } from '../components/settings/keys-card.tsx'
import { ScopeCard } from '../components/settings/scope-card.tsx'
import { SecondFactorCard } from '../components/settings/second-factor-card.tsx'
import { ThresholdsCard } from '../components/settings/thresholds-card.tsx'
import { TimeControl } from '../components/time/look-back.tsx'
import { DoneNote } from '../components/ui/done-note.tsx'
import { FormError } from '../components/ui/form-error.tsx'
import { PageHeader } from '../components/ui/page-header.tsx'
import { PRODUCT_NAME } from '../lib/brand.ts'
import { fieldText, formAction, readForm } from '../lib/form-action.ts'
import { organizationScope, useIsAllowed, useIsSimulated } from '../lib/organization.ts'
import { failureOf, loaderResult } from '../lib/procedure-errors.ts'

export const meta: MetaFunction = () => [{ title: `Rules and scope · ${PRODUCT_NAME}` }]

export async function loader({ request, params, context }: LoaderFunctionArgs) {
  const scope = organizationScope(request, params)
  const settings = await loaderResult(request, context.caller.settings.get(scope))
  const keys = await loaderResult(request, context.caller.keys.show(scope).catch(nullWhereForbidden))
  return { settings, keys, done: new URL(request.url).searchParams.get('done') }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  const { organization = '' } = params
  const { settings, keys } = context.caller
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
    } else if (intent === 'second_factor') {
      await settings.requireSecondFactor({
        organization,
        isRequired: fieldText(form, 'isRequired') === 'true',
      })
    } else if (intent === 'scope_source') {
      await settings.scopeSource({ ...scope, sourceId: fieldText(form, 'id') })
    } else if (intent === 'rotate_key') {
      await keys.rotate({ organization })
    } else if (intent === 'choose_key') {
      await keys.choose({ organization, kmsKeyId: fieldText(form, 'kmsKeyId') })
    } else if (intent === 'adopt') {
      await settings.adoptCatalogue({ organization })
    } else throw data({ message: 'This page has no such form.', isMoment: false }, { status: 400 })
    return redirect(`/o/${organization}/settings/organization?done=${encodeURIComponent(intent)}`)
  })
}

export default function SettingsRoute() {
  const { settings, keys, done } = useLoaderData<typeof loader>()
  const refusal = useActionData<typeof action>()
  const { isNow } = settings.asOf
  const simulated = useIsSimulated()
  const isScopeDecider = useIsAllowed('scope:decide') && isNow
  const isSettable = useIsAllowed('thresholds:set') && isNow
  const isAdopter = useIsAllowed('organization:manage') && isNow
  const shown = (intent: string) => (refusal?.intent === intent ? refusal : undefined)
  return (
    <>
      <PageHeader
        title="Rules and scope"
        description="What this organization set of its rules, and the keys of its secrets. Each change is an event and counts from then on; the past is judged by what was in force then."
        right={<TimeControl />}
      />
      {refusal ? null : <DoneNote done={done} words={DONE} />}
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
      <SecondFactorCard
        isRequired={settings.isSecondFactorRequired}
        isSimulated={simulated}
        isDecider={isAdopter}
        refusal={shown('second_factor')}
      />
      <CatalogueCard settings={settings} isDecider={isAdopter} />
      <ElsewhereCard />
      {keys ? <KeysCard keys={keys} refusal={refusal ?? undefined} /> : null}
    </>
  )
}

/** What is no number is none to the procedure either. */
const wholeNumber = (text: string) => (text.trim() === '' ? Number.NaN : Number(text))

/** For `catch`: who does not manage the organization does not see its keys; every other error stays one. */
function nullWhereForbidden(error: unknown): null {
  if (failureOf(error)?.status === 403) return null
  throw error
}

const DONE: Record<string, string> = {
  threshold: 'The threshold is set. Every directory was judged by it at once.',
  second_factor: 'That is changed, and counts from the next request of each owner and admin.',
  scope_source: 'The scope is changed. Coverage follows from now on.',
  scope_control: 'The scope is changed. Coverage follows from now on.',
  rotate_key: 'A new data key seals from now on. What is stored is sealed anew within minutes.',
  choose_key: 'The key is chosen. Data keys are wrapped anew by it within minutes.',
  adopt: 'The newest version of the control catalogue judges from now on.',
}
