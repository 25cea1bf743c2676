import { sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { alertEffects, mayAlert, type OpenAlert } from '../../server/domain/alert/alert-policy.ts'
import { subjectOf } from '../../server/domain/alert/causes.ts'
import type { Verdict } from '../../server/domain/control/judgement.ts'
import { readLogHead } from '../../server/ledger/checkpoints.ts'
import { derivedId } from '../../server/ledger/ids.ts'
import { replay } from '../../server/ledger/read.ts'
import type { RecordedEvent } from '../../server/ledger/recorded-event.ts'
import { verifyLedger } from '../../server/verification/verify-ledger.ts'
import { rebuildWouldChange } from './replay.ts'
import type { Scene } from './seed.ts'

/** What must hold of an organization's ledger and state between two runs, whatever happened before. */
export function useSoundness(scene: Pick<Scene, 'services'>) {
  const { database } = scene.services

  /** Nothing of a run is left over: no staged item, no progress, no lease, no run without an end. */
  async function expectTidy(organizationId: string): Promise<void> {
    const [left] = await database.withOrganization(organizationId, transaction =>
      transaction.execute(sql`
        select (select count(*)::int from state.staged_batch s where s.organization_id = ${organizationId}) as staged,
               (select count(*)::int from state.run_progress p where p.organization_id = ${organizationId}) as progress,
               (select count(*)::int from state.sync_schedule h where h.organization_id = ${organizationId}
                   and (h.run_id is not null or h.lease_until is not null)) as leases,
               (select count(*)::int from state.run r where r.organization_id = ${organizationId}
                   and r.finished_position is null) as unended`),
    )
    expect(left).toEqual({ staged: 0, progress: 0, leases: 0, unended: 0 })
  }

  /**
   * Positions have no gap; each run has one start and one end, and of each kind no more than one word; each evidence
   * row has its event; and of each subject there is one item at a time.
   */
  async function expectWhole(organizationId: string): Promise<void> {
    const [broken] = await database.withOrganization(organizationId, transaction =>
      transaction.execute(sql`
        with e as (select * from ledger.events e where e.organization_id = ${organizationId}),
             said as (select payload::json ->> 'runId' as run_id, payload::json ->> 'kind' as kind, event_type from e)
        select (select count(*)::int - coalesce(max(position) + 1, 0)::int from e) as gaps,
               (select count(*)::int from (select 1 from said where event_type = 'SyncStarted'
                   group by run_id having count(*) <> 1) x) as doubled_starts,
               (select count(*)::int from (select 1 from said where event_type in
                   ('SyncSucceeded', 'SyncPartlySucceeded', 'SyncFailed')
                   group by run_id having count(*) <> 1) x) as doubled_ends,
               (select count(*)::int from (select 1 from said where kind is not null and run_id is not null
                   group by run_id, kind having count(*) <> 1) x) as doubled_kinds,
               (select count(*)::int from e where event_type = 'EvidenceAttached') -
               (select count(*)::int from ledger.evidence v where v.organization_id = ${organizationId})
                 as evidence_without_event,
               (select count(*)::int from state.membership one
                  join state.membership other on other.organization_id = ${organizationId}
                   and other.source_id = one.source_id and other.kind = one.kind
                   and other.subject_key = one.subject_key and other.from_position > one.from_position
                   and other.from_position < one.to_position
                 where one.organization_id = ${organizationId}) as doubled_items`),
    )
    expect(broken).toEqual({
      gaps: 0,
      doubled_starts: 0,
      doubled_ends: 0,
      doubled_kinds: 0,
      evidence_without_event: 0,
      doubled_items: 0,
    })
  }

  /** Every projection is what a replay of the events makes of nothing. */
  async function expectReplayed(organizationId: string): Promise<void> {
    expect(await rebuildWouldChange(scene.services, organizationId)).toEqual({})
  }

  /** Every payload, leaf, tile and checkpoint holds, and nothing is there that no event tells of. */
  async function expectVerified(organizationId: string): Promise<void> {
    const signal = new AbortController().signal
    const { problems } = await verifyLedger({
      database,
      organizationId,
      signal,
      onProgress: () => undefined,
    })
    expect(problems).toEqual([])
  }

  /** Each turn raised or resolved its alert once, in its own transaction: what the policy says of the events, no less and no more. */
  async function expectAlerts(organizationId: string): Promise<void> {
    const events: RecordedEvent[] = []
    await database.withSnapshot(organizationId, async transaction => {
      const { size } = await readLogHead(transaction, organizationId)
      for await (const page of replay(transaction, organizationId, { upTo: size - 1 })) events.push(...page)
    })
    const { due, told } = alertsOf(events)
    expect(told).toEqual(due)
  }

  /** Everything that holds between two runs, whatever happened before. */
  async function expectSound(organizationId: string): Promise<void> {
    await expectTidy(organizationId)
    await expectWhole(organizationId)
    await expectVerified(organizationId)
    await expectAlerts(organizationId)
    await expectReplayed(organizationId)
  }

  return { expectTidy, expectWhole, expectVerified, expectAlerts, expectReplayed, expectSound }
}

/** What should have been told of alerts, event by event, and what was. */
function alertsOf(events: readonly RecordedEvent[]): { due: string[]; told: string[] } {
  const due: string[] = []
  const told: string[] = []
  const decided = new Map<string, Verdict>()
  let open: OpenAlert[] = []
  for (const event of events) {
    switch (event.type) {
      case 'AlertRaised': {
        told.push(`raised ${subjectOf(event.payload.cause)} ${event.payload.alertId}`)
        break
      }
      case 'AlertResolved': {
        const { alertId, because } = event.payload
        // A person's act is told by the resolution itself.
        if (because === 'seen') open = open.filter(each => each.alertId !== alertId)
        else told.push(`resolved ${alertId}`)
        break
      }
      default: {
        if (!mayAlert(event)) break
        const of = event.type === 'ControlEvaluated' && `${event.payload.sourceId} ${event.payload.controlId}`
        const lastDecided = (of && decided.get(of)) || null
        for (const effect of alertEffects(event, { open, lastDecided })) {
          if (effect.do === 'raise') {
            const alertId = derivedId('alert', event.eventId)
            due.push(`raised ${subjectOf(effect.cause)} ${alertId}`)
            open.push({ alertId, cause: effect.cause })
          }
          if (effect.do === 'resolve') {
            due.push(`resolved ${effect.alertId}`)
            open = open.filter(({ alertId }) => alertId !== effect.alertId)
          }
        }
        if (of && event.type === 'ControlEvaluated') decided.set(of, event.payload.verdict)
      }
    }
  }
  return { due, told }
}
