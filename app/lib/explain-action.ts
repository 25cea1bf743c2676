import { type ActionFunctionArgs, data } from '@remix-run/node'
import { formAction, readForm } from './form-action.ts'
import { organizationScope } from './organization.ts'

/** Answers a page's request to have its moment folded from the events. */
export async function explainAction({ request, params, context }: ActionFunctionArgs) {
  const form = await readForm(request)
  return formAction(request, form, async () =>
    data({ explanation: await context.caller.coverage.explain(organizationScope(request, params)) }),
  )
}
