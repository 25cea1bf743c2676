import { DomainRefusal } from '../refusal.ts'

/** A data key of an organization, without its bytes. */
export interface DataKeyState {
  version: number
  /** What wraps it. */
  kmsKeyId: string
  /** Since when nothing stored is sealed under it; null while it may be. */
  retiredAt: Date | null
}

/** Milliseconds that a retired key is kept: what was read before it retired is opened by then. */
export const retiredKeyLife = 10 * 60_000

/**
 * The version of the next data key.
 * @param keys every data key there is, the newest first
 * @throws {DomainRefusal} where there is none yet, or the last rotation is not through
 */
export function nextKeyVersion(keys: readonly Pick<DataKeyState, 'version' | 'retiredAt'>[]): number {
  const [newest, ...older] = keys
  if (!newest) {
    throw new DomainRefusal('no_data_key', 'There is no data key yet: the first secret stored makes one.')
  }
  if (older.some(({ retiredAt }) => retiredAt === null)) {
    throw new DomainRefusal(
      'rotation_under_way',
      'The last rotation is not through: some secrets are still sealed under the key before. Try again when it is.',
    )
  }
  return newest.version + 1
}

/** What is left to do on an organization's keys. */
export interface DueKeyWork {
  /** Versions that another key than the chosen one wraps. */
  rewrap: number[]
  /** Versions that stored secrets may still be sealed under, though a newer one is there. */
  replace: number[]
  /** Versions that retired long enough ago. */
  destroy: number[]
}

/** @param keys every data key there is, the newest first; `kmsKeyId`: what is to wrap them */
export function dueKeyWork(
  keys: readonly DataKeyState[],
  { kmsKeyId, now }: { kmsKeyId: string; now: Date },
): DueKeyWork {
  const older = keys.slice(1)
  const isOver = (retiredAt: Date | null) =>
    retiredAt !== null && retiredAt.getTime() + retiredKeyLife <= now.getTime()
  const destroy = older.filter(({ retiredAt }) => isOver(retiredAt)).map(({ version }) => version)
  return {
    rewrap: keys
      .filter(key => key.kmsKeyId !== kmsKeyId && !destroy.includes(key.version))
      .map(({ version }) => version),
    replace: older.filter(({ retiredAt }) => retiredAt === null).map(({ version }) => version),
    destroy,
  }
}

export const isWorkDue = ({ rewrap, replace, destroy }: DueKeyWork): boolean =>
  rewrap.length + replace.length + destroy.length > 0

/**
 * Reads the ARN of a key as somebody typed it; nothing typed is null, the product's own key.
 * @throws {DomainRefusal} for what names no key of its own: an alias may come to mean another key
 */
export function readKmsKeyArn(text: string): string | null {
  const arn = text.trim()
  if (arn === '') return null
  if (keyArn.test(arn)) return arn
  throw new DomainRefusal(
    'not_a_key_arn',
    arn.includes(':alias/')
      ? 'This is the ARN of an alias, which may come to mean another key. Give the ARN of the key itself.'
      : 'This is not the ARN of a KMS key. It looks like arn:aws:kms:eu-central-1:111122223333:key/ and an id.',
  )
}

/** Source: "Key identifiers" in the AWS KMS developer guide; multi-region keys begin with `mrk-`. */
const keyArn =
  /^arn:aws[a-z-]{0,20}:kms:[a-z]{2}[a-z0-9-]{3,30}:\d{12}:key\/(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/
