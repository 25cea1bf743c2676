import { data } from '@remix-run/node'

/** Every address that nothing else answers: a 404 with the root's data, so that its page knows theme and request. */
export function loader() {
  throw data(null, { status: 404 })
}

export const action = loader

export default function NotFound() {
  return null
}
