import type { FormRefusal } from '../../lib/form-action.ts'
import { useReloadWhile } from '../../lib/reload.ts'
import { AuditNav } from '../audit/audit-nav.tsx'
import { TimeControl } from '../time/look-back.tsx'
import { Card } from '../ui/card.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import type { ExportsData } from './answers.ts'
import { ExportsTable } from './exports-table.tsx'
import { RequestForm } from './request-form.tsx'

/** Archives that were asked for, and the form that asks for one. */
export function ExportsPage({ list, refusal }: ExportsPageProps) {
  const { exports, grant, asOf } = list
  useReloadWhile(exports.some(({ status }) => status === 'requested' || status === 'building'))
  return (
    <>
      <PageHeader
        title="Exports"
        description="One archive with the events, the evidence, the populations and what the controls say, and the program that verifies all of it without a network and without trust in us."
        right={<TimeControl />}
      />
      <AuditNav />
      {asOf.isNow ? <RequestForm grant={grant} refusal={refusal} /> : null}
      <Card id="archives" title="Archives" isFlush>
        <ExportsTable exports={exports} />
      </Card>
    </>
  )
}

export type ExportsPageProps = { list: ExportsData; refusal: FormRefusal | undefined }
