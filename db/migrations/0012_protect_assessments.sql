-- The walls of 0001 around assessments, what is attached to them, and samples.
alter table state.assessment enable row level security;
--> statement-breakpoint
alter table state.assessment force row level security;
--> statement-breakpoint
create policy tenant on state.assessment as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.assessment using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on state.assessment to attestry_app;
--> statement-breakpoint
grant select on state.assessment to attestry_backup;
--> statement-breakpoint
alter table state.assessment_evidence enable row level security;
--> statement-breakpoint
alter table state.assessment_evidence force row level security;
--> statement-breakpoint
create policy tenant on state.assessment_evidence as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.assessment_evidence using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on state.assessment_evidence to attestry_app;
--> statement-breakpoint
grant select on state.assessment_evidence to attestry_backup;
--> statement-breakpoint
alter table state.sample enable row level security;
--> statement-breakpoint
alter table state.sample force row level security;
--> statement-breakpoint
create policy tenant on state.sample as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.sample using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on state.sample to attestry_app;
--> statement-breakpoint
grant select on state.sample to attestry_backup;
--> statement-breakpoint
alter table rebuild.assessment enable row level security;
--> statement-breakpoint
alter table rebuild.assessment force row level security;
--> statement-breakpoint
create policy tenant on rebuild.assessment as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.assessment using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on rebuild.assessment to attestry_app;
--> statement-breakpoint
grant select on rebuild.assessment to attestry_backup;
--> statement-breakpoint
alter table rebuild.assessment_evidence enable row level security;
--> statement-breakpoint
alter table rebuild.assessment_evidence force row level security;
--> statement-breakpoint
create policy tenant on rebuild.assessment_evidence as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.assessment_evidence using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on rebuild.assessment_evidence to attestry_app;
--> statement-breakpoint
grant select on rebuild.assessment_evidence to attestry_backup;
--> statement-breakpoint
alter table rebuild.sample enable row level security;
--> statement-breakpoint
alter table rebuild.sample force row level security;
--> statement-breakpoint
create policy tenant on rebuild.sample as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.sample using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on rebuild.sample to attestry_app;
--> statement-breakpoint
grant select on rebuild.sample to attestry_backup;
--> statement-breakpoint
-- What an approval sealed stays as it was approved, in the rows that are read as well: nothing is put beside them, changed
-- or taken away, by no role and in no mode. A rebuild finds them right and leaves them; the ones beside it are unguarded.
create function ledger.assessment_guard() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_row jsonb := to_jsonb(case when tg_op = 'INSERT' then new else old end);
  v_next jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
  if exists (select from ledger.sealed_stream z
              where z.organization_id = (v_row ->> 'organization_id')::uuid
                and z.stream_id = (v_row ->> tg_argv[0])::uuid)
     or exists (select from ledger.sealed_stream z
              where z.organization_id = (v_next ->> 'organization_id')::uuid
                and z.stream_id = (v_next ->> tg_argv[0])::uuid) then
    raise exception 'this assessment is sealed' using errcode = '42501';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
--> statement-breakpoint
create trigger guard before update or delete on state.assessment for each row execute function ledger.assessment_guard('id');
--> statement-breakpoint
alter table state.assessment enable always trigger guard;
--> statement-breakpoint
create trigger insert_guard before insert on state.assessment for each row execute function ledger.assessment_guard('id');
--> statement-breakpoint
alter table state.assessment enable always trigger insert_guard;
--> statement-breakpoint
create trigger no_truncate before truncate on state.assessment for each statement execute function ledger.forbid();
--> statement-breakpoint
alter table state.assessment enable always trigger no_truncate;
--> statement-breakpoint
create trigger guard before update or delete on state.assessment_evidence for each row execute function ledger.assessment_guard('assessment_id');
--> statement-breakpoint
alter table state.assessment_evidence enable always trigger guard;
--> statement-breakpoint
create trigger insert_guard before insert on state.assessment_evidence for each row execute function ledger.assessment_guard('assessment_id');
--> statement-breakpoint
alter table state.assessment_evidence enable always trigger insert_guard;
--> statement-breakpoint
create trigger no_truncate before truncate on state.assessment_evidence for each statement execute function ledger.forbid();
--> statement-breakpoint
alter table state.assessment_evidence enable always trigger no_truncate;
