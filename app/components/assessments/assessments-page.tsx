import type { FormRefusal } from '../../lib/form-action.ts'
import { formatNumber } from '../../lib/format.ts'
import { useBase, useIsAllowed } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { TimeControl } from '../time/look-back.tsx'
import { Time } from '../time/time.tsx'
import { Card } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import type { AssessmentsData } from './answers.ts'
import { AssessmentStatus } from './assessment-status.tsx'
import { OpenForm } from './open-form.tsx'
import { PeriodWords } from './period-words.tsx'

/** The assessments, and the form that opens one. */
export function AssessmentsPage({ list, refusal }: AssessmentsPageProps) {
  const base = useBase()
  const canManage = useIsAllowed('assessments:manage') && list.asOf.isNow
  return (
    <>
      <PageHeader
        title="Assessments"
        description="A period under examination, with the evidence that was in force in it. An approved one is sealed: the database admits no change to it, and retention never removes it."
        right={<TimeControl />}
      />
      <Card id="assessments" isFlush>
        <DataTable
          caption="Assessments"
          rows={list.assessments}
          rowKey={each => each.assessmentId}
          empty={
            <EmptyState
              title={
                list.asOf.isNow ? 'There is no assessment yet' : 'There was no assessment that you can see'
              }
            >
              {canManage
                ? 'Open one for the period that your auditor examines: the form is below.'
                : 'What a compliance lead opens stands here.'}
            </EmptyState>
          }
          columns={[
            {
              key: 'name',
              header: 'Assessment',
              isRowHeader: true,
              cell: each => (
                <div>
                  <AsOfLink to={`${base}/assessments/${each.assessmentId}`} className="link">
                    {each.name}
                  </AsOfLink>
                  <span className="block text-xs font-normal text-ink-2">
                    opened <Time value={each.openedAt} mode="date" /> by {each.openedBy}
                  </span>
                </div>
              ),
            },
            { key: 'period', header: 'Period (UTC)', cell: each => <PeriodWords {...each} /> },
            { key: 'status', header: 'State', cell: each => <AssessmentStatus {...each} /> },
            { key: 'controls', header: 'Controls', align: 'end', cell: each => each.controls },
            {
              key: 'evidence',
              header: 'Evidence',
              align: 'end',
              cell: each => formatNumber(each.attachments),
            },
          ]}
        />
      </Card>
      {canManage ? <OpenForm controls={list.controls} refusal={refusal} /> : null}
    </>
  )
}

export type AssessmentsPageProps = { list: AssessmentsData; refusal: FormRefusal | undefined }
