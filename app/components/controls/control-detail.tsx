import type { Caller } from '../../../server/trpc/router.ts'
import { useAsOf } from '../../lib/as-of.ts'
import type { FormRefusal } from '../../lib/form-action.ts'
import { useBase, useIsAllowed } from '../../lib/organization.ts'
import { historyTitle } from '../charts/history-title.ts'
import { VerdictTimelineChart } from '../charts/verdict-timeline-chart.tsx'
import { AdministratorsCard } from '../decisions/administrators-card.tsx'
import type { AdministratorData, ExceptionData, Person } from '../decisions/answers.ts'
import { ExceptionForm } from '../decisions/exception-form.tsx'
import { ExceptionsCard } from '../decisions/exceptions-card.tsx'
import { type ExplainAnswer, ExplainCard } from '../explain/explain-card.tsx'
import type { ReviewsData } from '../reviews/answers.ts'
import { ReviewsCard } from '../reviews/reviews-card.tsx'
import { TimeControl } from '../time/look-back.tsx'
import { Time } from '../time/time.tsx'
import { Badge } from '../ui/badge.tsx'
import { Breadcrumbs } from '../ui/breadcrumbs.tsx'
import { LinkButton } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Status } from '../ui/status.tsx'
import { FreshnessWord } from './freshness-word.tsx'
import { SourceVerdict } from './source-verdict.tsx'
import { SubjectTable } from './subject-table.tsx'

export type ControlData = Awaited<ReturnType<Caller['controls']['get']>>

/** One control: the rule, the verdict and what made it, who and what it names, and how it stood before. */
export function ControlDetail({ control, explained, decisions }: ControlDetailProps) {
  const base = useBase()
  const isPast = useAsOf() !== null
  const { id, title, sources, subjects, outOfScope } = control
  const isRequester = useIsAllowed('exceptions:decide') && control.takesExceptions && !isPast
  return (
    <>
      <PageHeader
        title={
          <>
            <span className="text-ink-2 tabular-nums">{id}</span> {title}
          </>
        }
        mark={<Mark control={control} />}
        breadcrumbs={<Breadcrumbs items={[{ label: 'Controls', to: `${base}/controls` }, { label: id }]} />}
        right={<TimeControl />}
      />
      {outOfScope ? (
        <Callout tone="info" title="Out of scope">
          It is judged all the same and counts for nothing, since <Time value={outOfScope.since} />: “
          {outOfScope.reason}”
        </Callout>
      ) : null}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
        <div id="sources" className="grid gap-4">
          {sources.map(source => (
            <SourceVerdict
              key={source.sourceId}
              source={source}
              isNamed={sources.length > 1}
              exceptFrom={isRequester ? id : null}
            />
          ))}
          {sources.length === 0 ? (
            <Card>
              <EmptyState
                title="Nothing is connected, so nothing is known"
                action={
                  isPast ? undefined : (
                    <LinkButton to={`${base}/settings/integrations`} variant="primary">
                      Connect a directory
                    </LinkButton>
                  )
                }
              >
                Unknown is never a pass: until a directory is connected this control counts for nothing.
              </EmptyState>
            </Card>
          ) : null}
        </div>
        <Card id="rule" title="The rule">
          <p className="pb-4 text-m">{control.rule}</p>
          <DescriptionList
            isStacked
            items={[
              { name: 'Looks at', value: control.populationWords },
              { name: 'Rests on', value: control.evidence.join(', ') },
              {
                name: 'Serves',
                value: (
                  <span className="flex flex-wrap gap-1.5">
                    {control.criteriaNames.map(criterion => (
                      <Badge key={criterion.id}>
                        {criterion.id} {criterion.name}
                      </Badge>
                    ))}
                  </span>
                ),
              },
              { name: 'Catalogue', value: `Version ${control.catalogueVersion}` },
            ]}
          />
        </Card>
      </div>
      <Card id="history" title={historyTitle(control.timeline, isPast)}>
        <VerdictTimelineChart timeline={control.timeline} label={`Verdicts of ${id}`} />
      </Card>
      {decisions.reviews ? (
        <ReviewsCard reviews={decisions.reviews} isNow={!isPast} refusal={decisions.refusal} />
      ) : null}
      {subjects.count > 0 ? (
        <SubjectTable
          subjects={subjects}
          isSourceShown={sources.length > 1}
          exceptFrom={isRequester ? id : null}
        />
      ) : null}
      {decisions.administrators ? (
        <AdministratorsCard
          administrators={decisions.administrators}
          candidates={subjects.subjects.filter(({ words }) => words === NOT_APPROVED)}
          isNow={!isPast}
          refusal={decisions.refusal}
        />
      ) : null}
      {control.takesExceptions ? (
        <ExceptionsCard
          exceptions={decisions.exceptions}
          ownUserId={decisions.ownUserId}
          refusal={decisions.refusal}
        />
      ) : null}
      {isRequester ? (
        <ExceptionForm
          people={decisions.people}
          sources={sources}
          refusal={decisions.refusal?.intent === 'exception_request' ? decisions.refusal : undefined}
        />
      ) : null}
      <ExplainCard answer={explained} />
    </>
  )
}

export type ControlDetailProps = {
  control: ControlData
  explained: ExplainAnswer | undefined
  decisions: ControlDecisions
}

/** What people decided about a control, and what the reader may decide. */
export type ControlDecisions = {
  exceptions: readonly ExceptionData[]
  /** The approved list; null for a control that asks for none. */
  administrators: readonly AdministratorData[] | null
  /** What there is to review; null for a control that asks for nothing of the kind. */
  reviews: ReviewsData | null
  people: readonly Person[]
  /** The reader; null in the past. */
  ownUserId: string | null
  refusal: FormRefusal | undefined
}

/** The words of a subject that is an administrator and not on the list. */
const NOT_APPROVED = 'Not on the approved list'

/** A pass on evidence that is no longer fresh does not count whole, and says so at once. */
function Mark({ control: { verdict, words, freshness } }: { control: ControlData }) {
  return (
    <>
      <Status value={verdict} word={words} isSoft />
      {verdict === 'pass' && freshness !== 'fresh' ? <FreshnessWord value={freshness} /> : null}
    </>
  )
}
