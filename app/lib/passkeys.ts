/** Asks an authenticator for what the server's options say, and gives its answer as JSON. Browsers only. */
export async function runCeremony(kind: 'create' | 'get', options: Record<string, unknown>): Promise<string> {
  // The options are WebAuthn's own JSON, as the server's library made them.
  const credential =
    kind === 'create'
      ? await navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(
            options as unknown as PublicKeyCredentialCreationOptionsJSON,
          ),
        })
      : await navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(
            options as unknown as PublicKeyCredentialRequestOptionsJSON,
          ),
        })
  if (!(credential instanceof PublicKeyCredential)) throw new Error('no passkey')
  return JSON.stringify(credential.toJSON())
}

/** Whether this browser knows passkeys in the form that {@link runCeremony} needs. */
export const knowsPasskeys = (): boolean =>
  'PublicKeyCredential' in window && 'parseCreationOptionsFromJSON' in PublicKeyCredential
