import { sql } from 'drizzle-orm'
import { expect } from 'vitest'
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
               (select count(*)::int from (select 1 from said where kind is not null
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

  return { expectTidy, expectWhole, expectReplayed }
}
