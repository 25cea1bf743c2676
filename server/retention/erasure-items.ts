import { sql } from 'drizzle-orm'
import { kindsThatNamePeople } from '../domain/evidence/personal-fields.ts'
import type { Due } from './due-items.ts'

const ofThePerson = kindsThatNamePeople.filter(kind => kind !== 'risky_sign_ins')

/** What names a person in the items of an organization: their own, and the sign-ins that were theirs. */
export const itemsNaming = (organizationId: string, subjectKey: string): Due => sql`(
    b.hash in (
      select d.item_hash
        from ledger.evidence_delta d
        join ledger.evidence e on e.organization_id = ${organizationId} and e.id = d.evidence_id
       where d.organization_id = ${organizationId} and d.subject_key = ${subjectKey}::uuid
         and e.kind in (${sql.join(
           ofThePerson.map(kind => sql`${kind}`),
           sql`, `,
         )}))
    or b.hash in (
      select d.item_hash
        from ledger.evidence_delta d
        join ledger.evidence e on e.organization_id = ${organizationId} and e.id = d.evidence_id
       where d.organization_id = ${organizationId} and e.kind = 'risky_sign_ins')
      and lower(b.body::json ->> 'userId') = ${subjectKey.toLowerCase()})
  and b.body::json ->> 'suppressed' is null`
