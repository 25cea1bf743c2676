import { z } from 'zod'

/** What the key service calls a key. Its ARN where an organization brought it. */
const kmsKeyId = z.string().min(1).max(300)
const version = z.int().positive()

/** From here on the organization's data keys are wrapped by this key; null: by the product's own. */
export const kmsKeyChosen = z.strictObject({ kmsKeyId: kmsKeyId.nullable() })

/** From here on secrets are sealed under a new data key. */
export const dataKeyRotated = z.strictObject({ version, kmsKeyId })

/** Every stored secret is sealed under this data key; those before it serve no more. */
export const secretsReencrypted = z.strictObject({
  version,
  /** How many secrets are stored. */
  count: z.int().nonnegative(),
  retired: z.array(version).min(1),
})

/** A data key was wrapped anew, under another key of the key service. */
export const dataKeyRewrapped = z.strictObject({ version, kmsKeyId, formerKmsKeyId: kmsKeyId })

/** Data keys that served no more are gone for good. */
export const dataKeysDestroyed = z.strictObject({ versions: z.array(version).min(1) })
