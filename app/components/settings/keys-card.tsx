import { Form } from '@remix-run/react'
import type { ReactNode } from 'react'
import type { Caller } from '../../../server/trpc/router.ts'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount } from '../../lib/format.ts'
import { Time } from '../time/time.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { Code, CodeBlock } from '../ui/code.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { FormError } from '../ui/form-error.tsx'
import { TextField } from '../ui/text-field.tsx'

export type KeysData = Awaited<ReturnType<Caller['keys']['show']>>

/** What client secrets, tokens and addresses are sealed under, and the ways to another key. */
export function KeysCard({ keys, refusal }: { keys: KeysData; refusal: FormRefusal | undefined }) {
  const { ownKmsKeyId, present } = keys
  return (
    <Card id="keys" title="Keys">
      <p className="max-w-prose pb-3 text-s text-ink-2">
        Client secrets, tokens and webhook addresses are stored encrypted under a data key of this
        organization. A key in the key service (AWS KMS) wraps the data key and never leaves it. Rotating and
        choosing need a sign-in of the last 15 minutes; each is an event.
      </p>
      <DescriptionList
        items={[
          {
            name: 'Wrapped by',
            value: ownKmsKeyId === null ? 'The product’s own key' : <Code value={ownKmsKeyId} />,
          },
          ...(present ? presentItems(present) : []),
        ]}
      />
      {present?.obstacle ? (
        <div className="mt-4">
          <Callout tone="warn" title="The work on the keys is held up">
            {present.obstacle.explanation} Last tried <Time value={present.obstacle.at} />; it is tried again
            at least every hour. Until then the former keys serve.
          </Callout>
        </div>
      ) : null}
      {present ? (
        <div className="mt-4 grid gap-5 border-t border-line pt-4">
          <Rotate present={present} refusal={refusal?.intent === 'rotate_key' ? refusal : undefined} />
          <Choose keys={keys} refusal={refusal?.intent === 'choose_key' ? refusal : undefined} />
        </div>
      ) : null}
    </Card>
  )
}

type Present = NonNullable<KeysData['present']>

function presentItems({ dataKeys, secrets, secretsLeft }: Present): { name: string; value: ReactNode }[] {
  const rewrapping = dataKeys.filter(({ isWrappedAsChosen }) => !isWrappedAsChosen).length
  return [
    ...dataKeys.map(({ version, createdAt, state }) => ({
      name: `Data key ${version}`,
      value: (
        <>
          {STATES[state]}, made <Time value={createdAt} />
        </>
      ),
    })),
    {
      name: 'Sealed',
      value:
        secretsLeft > 0
          ? `${formatCount(secrets, 'secret')}, ${secretsLeft} of them still under a former data key`
          : formatCount(secrets, 'secret'),
    },
    ...(rewrapping > 0
      ? [{ name: 'To be wrapped anew', value: `${formatCount(rewrapping, 'data key')}, within minutes` }]
      : []),
  ]
}

const STATES = {
  seals: 'Seals what is stored',
  being_replaced: 'Being replaced',
  retired: 'Seals nothing any more, destroyed within the hour',
}

function Rotate({ present, refusal }: { present: Present; refusal: FormRefusal | undefined }) {
  const isUnderWay = present.dataKeys.some(({ state }) => state === 'being_replaced')
  return (
    <Form method="post" className="grid gap-3 text-s">
      <FormError message={refusal?.message} />
      <p className="max-w-prose text-ink-2">
        {present.dataKeys.length === 0
          ? 'There is no data key yet: the first secret stored makes one.'
          : 'A new data key seals from then on. What is stored is sealed anew within minutes, and the former key is destroyed after. Nothing has to be authorized again.'}
      </p>
      {present.dataKeys.length > 0 ? (
        <div>
          <SubmitButton variant="secondary" intent="rotate_key" disabled={isUnderWay}>
            {isUnderWay ? 'Rotation under way' : 'Rotate the data key'}
          </SubmitButton>
        </div>
      ) : null}
    </Form>
  )
}

function Choose({ keys, refusal }: { keys: KeysData; refusal: FormRefusal | undefined }) {
  return (
    <Form method="post" className="grid max-w-2xl gap-3 text-s">
      <FormError message={refusal?.message} fieldErrors={refusal?.fields} />
      <p className="text-ink-2">
        With a key of your own you can end our access at any time: once it is disabled nothing can be opened,
        in backups neither, and unwrapped copies are gone from memory after five minutes. Syncs fail until it
        is enabled again; what was collected stays.
      </p>
      <TextField
        name="kmsKeyId"
        label="ARN of your KMS key"
        hint="A symmetric key in the product’s region, not an alias. Leave it empty for the product’s own key."
        isMono
        maxLength={300}
        autoComplete="off"
        spellCheck={false}
        defaultValue={refusal?.values.kmsKeyId ?? keys.ownKmsKeyId ?? ''}
        error={refusal?.fields.kmsKeyId}
      />
      <Disclosure summary="What the key’s policy has to allow">
        <div className="grid gap-2">
          <p className="text-ink-2">
            The principal is the role that the product runs as; its operator names it. The condition binds the
            key to this organization.
          </p>
          <CodeBlock value={policyFor(keys.organizationId)} label="statement of a key policy" />
        </div>
      </Disclosure>
      <div>
        <SubmitButton variant="secondary" intent="choose_key">
          Use this key
        </SubmitButton>
      </div>
    </Form>
  )
}

/** Both sides of ReEncrypt, so that there is a way back to the product's key. */
const policyFor = (organizationId: string) =>
  JSON.stringify(
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::ACCOUNT:role/ROLE' },
      Action: ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
      Resource: '*',
      Condition: { StringEquals: { 'kms:EncryptionContext:organizationId': organizationId } },
    },
    null,
    2,
  )
