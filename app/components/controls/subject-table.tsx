import { formatCount, formatNumber } from '../../lib/format.ts'
import { useBase, useIsAllowed } from '../../lib/organization.ts'
import { ExceptLink } from '../decisions/except-link.tsx'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Card } from '../ui/card.tsx'
import { Fingerprint } from '../ui/code.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Pagination } from '../ui/pagination.tsx'
import { SignInName } from '../ui/sign-in-name.tsx'
import { Status } from '../ui/status.tsx'
import type { ControlData } from './control-detail.tsx'

type Subjects = ControlData['subjects']
type Subject = Subjects['subjects'][number]

/** Who and what the verdict names, called as the directory called them at that instant. */
export function SubjectTable({ subjects, isSourceShown, exceptFrom }: SubjectTableProps) {
  const { count, named } = subjects
  const isWhole = subjects.isFirst && subjects.next === null && named >= count
  return (
    <Card
      id="subjects"
      title="Named by the verdict"
      action={<span className="text-ink-2 tabular-nums">{formatCount(count, 'entry', 'entries')}</span>}
      isFlush
      footer={
        isWhole ? undefined : (
          <Pagination
            first={subjects.isFirst ? null : ''}
            next={subjects.next}
            summary={
              named < count
                ? `A verdict names at most 100 of each reason: ${formatNumber(named)} of ${formatNumber(count)}.`
                : undefined
            }
          />
        )
      }
    >
      <DataTable
        caption="Objects of the directory that the verdict names"
        rows={subjects.subjects}
        rowKey={subject => `${subject.sourceId} ${subject.words} ${subject.subjectKey}`}
        columns={[
          ...columns,
          ...(isSourceShown ? [sourceColumn] : []),
          ...(exceptFrom === null ? [] : [exceptColumn(exceptFrom)]),
        ]}
      />
    </Card>
  )
}

type SubjectTableProps = {
  subjects: Subjects
  isSourceShown: boolean
  /** The control that the reader may ask for exceptions from; null where there are none to ask for. */
  exceptFrom: string | null
}

const columns: Column<Subject>[] = [
  {
    key: 'name',
    header: 'Name',
    isRowHeader: true,
    cell: subject => <SubjectName subject={subject} />,
  },
  {
    key: 'login',
    header: 'Sign-in name',
    cell: ({ login }) => <SignInName value={login} />,
  },
  {
    key: 'words',
    header: 'Why',
    cell: ({ verdict, words }) =>
      verdict === 'advice' ? <>Advice: {words}</> : <Status value={verdict} word={words} />,
  },
  {
    key: 'id',
    header: 'Directory id',
    cell: ({ subjectKey }) => <Fingerprint value={subjectKey} label="Copy directory id" />,
  },
]

const sourceColumn: Column<Subject> = {
  key: 'source',
  header: 'Directory',
  cell: ({ sourceLabel }) => sourceLabel,
}

function SubjectName({ subject: { name, login, isRemoved, subjectKey } }: { subject: Subject }) {
  const base = useBase()
  const isReader = useIsAllowed('evidence:read')
  if (name === null)
    return <span className="font-normal text-ink-3">{isRemoved ? 'Removed' : 'Not in the inventory'}</span>
  // What has a sign-in name is an account; policies and the like have a page of their own kind.
  if (!isReader || login === null) return name
  return (
    <AsOfLink to={`${base}/accounts/${subjectKey}`} className="link">
      {name}
    </AsOfLink>
  )
}

const exceptColumn = (controlId: string): Column<Subject> => ({
  key: 'except',
  header: 'Exception',
  isHeaderHidden: true,
  cell: ({ verdict, login, subjectKey, sourceId }) =>
    verdict === 'fail' && login !== null ? (
      <ExceptLink controlId={controlId} subject={`account:${subjectKey}`} sourceId={sourceId} />
    ) : null,
})
