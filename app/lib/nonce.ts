import { createContext, useContext } from 'react'

/** The request's CSP nonce. Empty in the browser, where the attribute cannot be read back anyway. */
export const NonceContext = createContext<string | undefined>(undefined)

export function useNonce(): string | undefined {
  return useContext(NonceContext)
}
