import { Form, useNavigation } from '@remix-run/react'
import type { Caller } from '../../../server/trpc/router.ts'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount, formatNumber } from '../../lib/format.ts'
import { Time } from '../time/time.tsx'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { Fingerprint } from '../ui/code.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import { FormError } from '../ui/form-error.tsx'

export type ExplanationData = Awaited<ReturnType<Caller['coverage']['explain']>>

/** Has the shown moment folded from its events anew, on request, and says whether that is what is shown. */
export function ExplainCard({ answer }: { answer: ExplainAnswer | undefined }) {
  const navigation = useNavigation()
  const isFolding = navigation.formData?.get('intent') === 'explain'
  const explanation = answer && 'explanation' in answer ? answer.explanation : null
  const refusal = answer && 'fields' in answer ? answer : null
  return (
    <Card id="explain" title="Explain this answer">
      <div className="space-y-4">
        <p className="text-s text-ink-2">
          What is shown is read from tables. It can be worked out anew from the events of the ledger alone, up
          to this moment, and compared. With many events this takes some seconds.
        </p>
        <FormError message={refusal?.message} fieldErrors={refusal?.fields} />
        {explanation ? <Outcome explanation={explanation} /> : null}
        <Form method="post" preventScrollReset>
          <Button type="submit" name="intent" value="explain" disabled={isFolding}>
            {isFolding ? 'Folding the events…' : 'Fold the events and compare'}
          </Button>
        </Form>
      </div>
    </Card>
  )
}

export type ExplainAnswer = { explanation: ExplanationData } | FormRefusal

function Outcome({ explanation }: { explanation: ExplanationData }) {
  const { asOf, agrees, events, percent, digest, differing, checkpoint } = explanation
  return (
    <div className="space-y-3">
      <Callout
        role="status"
        tone={agrees ? 'success' : 'fail'}
        title={agrees ? 'The events say the same' : 'The events say something else'}
      >
        {agrees ? (
          <p>
            {formatCount(events, 'event')} lead to exactly what is shown: coverage, controls and every row.
          </p>
        ) : (
          <p>
            {formatCount(events, 'event')} do not lead to what is shown
            {differing.length > 0 ? ` (${differing.join(', ')})` : ''}. The events are what counts. Whoever
            runs this deployment can mend the tables with <code>npm run rebuild</code>.
          </p>
        )}
      </Callout>
      <DescriptionList
        items={[
          {
            name: 'Moment',
            value: (
              <>
                <Time value={asOf.instant} />, position {formatNumber(asOf.position)}
              </>
            ),
          },
          {
            name: 'Coverage',
            value: `${percent.shown} % shown, ${percent.folded} % folded`,
          },
          {
            name: 'Digest of what is shown',
            value: <Fingerprint value={digest.shown} label="Copy digest" />,
          },
          { name: 'Digest of the fold', value: <Fingerprint value={digest.folded} label="Copy digest" /> },
          {
            name: 'Covering checkpoint',
            value: checkpoint ? (
              <>
                {formatCount(checkpoint.size, 'event')}, signed <Time value={checkpoint.signedAt} />
              </>
            ) : (
              'None yet: one is signed about a minute after an event'
            ),
          },
        ]}
      />
    </div>
  )
}
