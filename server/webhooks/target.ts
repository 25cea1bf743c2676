import { isIP } from 'node:net'
import { AppError } from '../errors.ts'
import { isLoopbackAddress, isPublicAddress } from './public-address.ts'

export interface TargetRules {
  /** Plain http and this machine itself are allowed: in the demo alone. */
  allowLoopback: boolean
}

/**
 * Reads an address that messages are to be posted to. Where its name leads is checked at every connection, not here.
 * @throws {AppError} bad_input with words for the field `url`
 */
export function readTarget(text: string, { allowLoopback }: TargetRules): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  const problem = url
    ? problemOf(url, allowLoopback)
    : 'Give a whole address, such as https://example.com/hooks/attestry.'
  if (!url || problem) {
    throw new AppError('bad_input', 'webhook address refused', { fields: { url: problem ?? '' } })
  }
  return url
}

/** Whether a connection may be made to an address that a name was resolved to. */
export const isAllowedAddress = (address: string, { allowLoopback }: TargetRules): boolean =>
  isPublicAddress(address) || (allowLoopback && isLoopbackAddress(address))

/** The host of a URL as an address, where it is one; brackets of IPv6 taken off. */
export function literalAddress({ hostname }: URL): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return isIP(bare) === 0 ? null : bare
}

function problemOf(url: URL, allowLoopback: boolean): string | null {
  const address = literalAddress(url)
  const isOwn =
    allowLoopback && (url.hostname === 'localhost' || (address !== null && isLoopbackAddress(address)))
  if (url.protocol !== 'https:' && !(isOwn && url.protocol === 'http:'))
    return 'Give an address that begins with https://: what is sent must not be read on the way.'
  if (url.username || url.password)
    return 'Leave user name and password out of the address: messages are signed instead.'
  if (url.hash) return 'Leave out the part from # on: it is never sent.'
  if (address !== null && !isAllowedAddress(address, { allowLoopback }))
    return 'This address is private, local or reserved. Give one on the public Internet.'
  return null
}
