import { formatCount, formatNumber } from '../../lib/format.ts'
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
export function SubjectTable({ subjects, isSourceShown }: { subjects: Subjects; isSourceShown: boolean }) {
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
        columns={isSourceShown ? [...columns, sourceColumn] : columns}
      />
    </Card>
  )
}

const columns: Column<Subject>[] = [
  {
    key: 'name',
    header: 'Name',
    isRowHeader: true,
    cell: ({ name, isRemoved }) =>
      name ?? (
        <span className="font-normal text-ink-3">{isRemoved ? 'Removed' : 'Not in the inventory'}</span>
      ),
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
