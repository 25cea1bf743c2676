import { data } from '@remix-run/node'
import { failureOf, signInInstead } from './procedure-errors.ts'

/** What a refused form shows: words for the whole, words by field, and what was typed. */
export type FormRefusal = {
  message: string | null
  fields: Record<string, string>
  values: Record<string, string>
  /** Which of a page's forms was sent; null where there is only one. */
  intent: string | null
}

/**
 * Runs what a form asks for. A refusal comes back with words and with what was typed, but for the fields named in
 * `neverRefilled`; a sign-in that is missing or too old sends the person there and back to this page.
 */
export async function formAction<T>(
  request: Request,
  form: FormData,
  work: () => Promise<T>,
  options: { neverRefilled?: readonly string[] } = {},
) {
  try {
    return await work()
  } catch (error) {
    const failure = failureOf(error)
    if (failure === null) throw error
    const signIn = signInInstead(request, failure)
    if (signIn) throw signIn
    const { status, message, fields } = failure
    if (status === 404) throw data({ message }, { status })
    const values = valuesOf(form, options.neverRefilled ?? [])
    const refusal: FormRefusal = { message, fields, values, intent: fieldText(form, 'intent') || null }
    return data(refusal, { status })
  }
}

/** The form that was sent. A body that is none, or breaks off, goes to the error boundary with words. */
export async function readForm(request: Request): Promise<FormData> {
  try {
    return await request.formData()
  } catch {
    const message = 'What arrived is not a whole form, so nothing was changed. Go back and send it again.'
    throw data({ message, isMoment: false }, { status: 400 })
  }
}

/** A field of a form as text; empty where it was not sent. */
export function fieldText(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

const always = ['password', 'currentPassword', 'newPassword', 'clientSecret']

function valuesOf(form: FormData, neverRefilled: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [name, value] of form) {
    if (typeof value === 'string' && !always.includes(name) && !neverRefilled.includes(name))
      values[name] = value
  }
  return values
}

/** What is checked among boxes whose names begin alike: the rest of each name. */
export const checkedNames = (form: FormData, prefix: string): string[] =>
  [...form.keys()].filter(name => name.startsWith(prefix)).map(name => name.slice(prefix.length))
