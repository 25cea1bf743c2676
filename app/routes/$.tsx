import { data } from '@remix-run/node'

/** Every address that nothing else answers: a 404 with the root's data, so that its page knows theme and request. */
export function loader() {
  throw data(null, { status: 404 })
}

/** The same for whatever is posted there. */
export function action() {
  return loader()
}

export default function NotFound() {
  return null
}
