import { type ActionFunctionArgs, redirect } from '@remix-run/node'

/** Signs out. Only a form can: a link would let any page do it. */
export async function action({ context }: ActionFunctionArgs) {
  await context.caller.signOut()
  return redirect('/login?done=out')
}

export const loader = () => redirect('/')
