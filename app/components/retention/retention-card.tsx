import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount } from '../../lib/format.ts'
import { Time } from '../time/time.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import { TextField } from '../ui/text-field.tsx'
import type { RetentionData, RetentionPreview } from './answers.ts'
import { RetentionChange } from './retention-change.tsx'

/** How long the content of items is kept, what the last purge came to, and the way to another window. */
export function RetentionCard({ retention, preview, asked, refusal }: RetentionCardProps) {
  const { years, bounds, lastPurge, nextPurgeAt, canManage, asOf } = retention
  return (
    <Card title="Retention" id="retention">
      <p className="max-w-prose pb-3 text-s text-ink-2">
        What was read from a directory is personal: names, addresses, sign-ins. It is kept this long after it
        was last true, and then removed for good. Events, hashes and verdicts stay, so that the log still
        verifies and says what was removed. Revoking a connection never shortens it.
      </p>
      <DescriptionList
        items={[
          { name: 'Kept for', value: formatCount(years, 'year') },
          ...(asOf.isNow
            ? [
                {
                  name: 'Last purge',
                  value: lastPurge ? <LastPurge {...lastPurge} /> : 'None yet',
                },
                { name: 'Next purge', value: nextPurgeAt ? <Time value={nextPurgeAt} /> : 'Within the hour' },
              ]
            : []),
        ]}
      />
      {canManage ? (
        <div className="mt-4 grid gap-4 border-t border-line pt-4">
          <Form method="get" className="flex flex-wrap items-start gap-3">
            <TextField
              name="retention"
              label="Keep for this many years"
              type="number"
              inputMode="numeric"
              min={bounds.least}
              max={bounds.most}
              step={1}
              required
              defaultValue={asked ?? String(years)}
              error={preview && 'refused' in preview ? preview.refused : undefined}
              className="max-w-40"
            />
            <div className="sm:pt-6">
              <SubmitButton variant="secondary">See what it changes</SubmitButton>
            </div>
          </Form>
          {preview && 'years' in preview ? (
            <RetentionChange retention={retention} preview={preview} refusal={refusal} />
          ) : null}
        </div>
      ) : null}
    </Card>
  )
}

type RetentionCardProps = {
  retention: RetentionData
  /** What another window would remove, or why it is none; null where none was asked about. */
  preview: RetentionPreview | { refused: string } | null
  /** What was typed. */
  asked: string | null
  refusal: FormRefusal | undefined
}

function LastPurge({ at, removed, kept }: NonNullable<RetentionData['lastPurge']>) {
  return (
    <>
      <Time value={at} />: {removed === 0 ? 'nothing was due' : `${formatCount(removed, 'item')} removed`}
      {kept > 0 ? `, ${formatCount(kept, 'item')} kept by approved assessments` : null}
    </>
  )
}
