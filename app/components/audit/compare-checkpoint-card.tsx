import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount } from '../../lib/format.ts'
import { Badge } from '../ui/badge.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Callout, type CalloutTone } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { Code, CodeBlock } from '../ui/code.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { CONTROL_CLASS, Field } from '../ui/field.tsx'
import { FormError } from '../ui/form-error.tsx'
import type { CheckpointComparisonData } from './answers.ts'

/** Holds a checkpoint that a reader kept to the log as it is now. A plain form: it works without JavaScript. */
export function CompareCard({
  comparison,
  refusal,
}: {
  comparison: CheckpointComparisonData | null
  refusal: FormRefusal | undefined
}) {
  const own = refusal?.intent === 'compare' ? refusal : undefined
  return (
    <Card id="compare" title="Compare a checkpoint that you kept">
      <div className="grid gap-4 text-s">
        {comparison ? <Comparison comparison={comparison} /> : null}
        <Form
          method="post"
          encType="multipart/form-data"
          action="#compare"
          preventScrollReset
          className="grid gap-3"
        >
          <FormError message={own?.message} />
          <Field
            name="note"
            label="The checkpoint, pasted"
            hint="Three lines or more, an empty one, and the line with the signature."
            error={own?.fields.note}
          >
            {control => (
              <textarea
                {...control}
                rows={7}
                spellCheck={false}
                autoComplete="off"
                defaultValue={own?.values.note ?? ''}
                className={`${CONTROL_CLASS} font-mono text-xs! leading-5`}
              />
            )}
          </Field>
          <Field name="file" label="Or the file that you saved">
            {control => <input {...control} type="file" accept=".txt,text/plain" className="text-s" />}
          </Field>
          <SubmitButton intent="compare" variant="secondary" className="justify-self-start">
            Compare with the log now
          </SubmitButton>
        </Form>
      </div>
    </Card>
  )
}

function Comparison({ comparison }: { comparison: CheckpointComparisonData }) {
  const { verdict, title, explanation, kept, now, hashes } = comparison
  return (
    <div className="grid gap-3">
      <Callout tone={TONES[verdict]} title={title} role="status">
        <p>{explanation}</p>
      </Callout>
      {kept ? (
        <Disclosure summary="What was compared">
          <div className="grid gap-3">
            <DescriptionList
              items={[
                { name: 'Log', value: <Code value={kept.origin} /> },
                {
                  name: 'Kept',
                  value: (
                    <span className="flex flex-wrap items-baseline gap-2">
                      {formatCount(kept.size, 'event')}
                      {kept.isSimulated ? <Badge tone="past">simulated clock</Badge> : null}
                    </span>
                  ),
                },
                { name: 'Root, kept', value: <Code value={kept.root} /> },
                { name: 'Now', value: formatCount(now.size, 'event') },
                { name: 'Root, now', value: <Code value={now.root} /> },
              ]}
            />
            {hashes.length > 0 ? (
              <>
                <p className="text-ink-2">
                  The consistency proof (RFC 6962): with these hashes anybody can compute both roots.
                </p>
                <CodeBlock value={hashes.join('\n')} label="consistency proof" />
              </>
            ) : null}
          </div>
        </Disclosure>
      ) : null}
    </div>
  )
}

const TONES: Record<CheckpointComparisonData['verdict'], CalloutTone> = {
  holds: 'success',
  malformed: 'warn',
  foreign: 'warn',
  unsigned: 'warn',
  altered: 'warn',
  shortened: 'fail',
  rewritten: 'fail',
}
