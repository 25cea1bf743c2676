import type { KeyAlgorithm } from './verifier-key.ts'

/** The key that signs checkpoints now. */
export interface SignerKey {
  algorithm: KeyAlgorithm
  /** As a verifier key has it: Ed25519 32 raw bytes, ECDSA SubjectPublicKeyInfo in DER. */
  publicKey: Uint8Array
  /** How the key service calls it. */
  kmsKeyId: string
}

/** Signs for every log of the deployment. Both call the key service: never behind a row lock. */
export interface LogSigner {
  /** @throws {AppError} `unavailable` when the key service does not help */
  key(): Promise<SignerKey>
  /** @throws {AppError} `unavailable` when the key service does not help */
  sign(message: Uint8Array): Promise<Uint8Array>
}
