-- Isolation: the same expression in a permissive and a restrictive policy on every tenant table, forced on the owner too.
-- No role is named (a policy TO app alone would not bind the definer function) and no subquery is used (a distributed
-- PostgreSQL refuses it). An unset tenant is an error, not an empty answer.
grant usage on schema ledger, state, accounts to attestry_app;
--> statement-breakpoint
alter table ledger.head enable row level security;
--> statement-breakpoint
alter table ledger.head force row level security;
--> statement-breakpoint
create policy tenant on ledger.head as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on ledger.head using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table ledger.streams enable row level security;
--> statement-breakpoint
alter table ledger.streams force row level security;
--> statement-breakpoint
create policy tenant on ledger.streams as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on ledger.streams using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table ledger.events enable row level security;
--> statement-breakpoint
alter table ledger.events force row level security;
--> statement-breakpoint
create policy tenant on ledger.events as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on ledger.events using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table ledger.item enable row level security;
--> statement-breakpoint
alter table ledger.item force row level security;
--> statement-breakpoint
create policy tenant on ledger.item as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on ledger.item using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table ledger.purged_item enable row level security;
--> statement-breakpoint
alter table ledger.purged_item force row level security;
--> statement-breakpoint
create policy tenant on ledger.purged_item as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on ledger.purged_item using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table ledger.sealed_stream enable row level security;
--> statement-breakpoint
alter table ledger.sealed_stream force row level security;
--> statement-breakpoint
create policy tenant on ledger.sealed_stream as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on ledger.sealed_stream using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table ledger.evidence enable row level security;
--> statement-breakpoint
alter table ledger.evidence force row level security;
--> statement-breakpoint
create policy tenant on ledger.evidence as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on ledger.evidence using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table ledger.evidence_delta enable row level security;
--> statement-breakpoint
alter table ledger.evidence_delta force row level security;
--> statement-breakpoint
create policy tenant on ledger.evidence_delta as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on ledger.evidence_delta using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table ledger.item_body enable row level security;
--> statement-breakpoint
alter table ledger.item_body force row level security;
--> statement-breakpoint
create policy tenant on ledger.item_body as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on ledger.item_body using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.organization_profile enable row level security;
--> statement-breakpoint
alter table state.organization_profile force row level security;
--> statement-breakpoint
create policy tenant on state.organization_profile as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.organization_profile using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.member enable row level security;
--> statement-breakpoint
alter table state.member force row level security;
--> statement-breakpoint
create policy tenant on state.member as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.member using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.connection enable row level security;
--> statement-breakpoint
alter table state.connection force row level security;
--> statement-breakpoint
create policy tenant on state.connection as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.connection using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.run enable row level security;
--> statement-breakpoint
alter table state.run force row level security;
--> statement-breakpoint
create policy tenant on state.run as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.run using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.kind_status enable row level security;
--> statement-breakpoint
alter table state.kind_status force row level security;
--> statement-breakpoint
create policy tenant on state.kind_status as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.kind_status using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.success_chain enable row level security;
--> statement-breakpoint
alter table state.success_chain force row level security;
--> statement-breakpoint
create policy tenant on state.success_chain as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.success_chain using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.membership enable row level security;
--> statement-breakpoint
alter table state.membership force row level security;
--> statement-breakpoint
create policy tenant on state.membership as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.membership using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.verdict enable row level security;
--> statement-breakpoint
alter table state.verdict force row level security;
--> statement-breakpoint
create policy tenant on state.verdict as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.verdict using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.invitation enable row level security;
--> statement-breakpoint
alter table state.invitation force row level security;
--> statement-breakpoint
create policy tenant on state.invitation as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.invitation using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.data_key enable row level security;
--> statement-breakpoint
alter table state.data_key force row level security;
--> statement-breakpoint
create policy tenant on state.data_key as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.data_key using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.credential enable row level security;
--> statement-breakpoint
alter table state.credential force row level security;
--> statement-breakpoint
create policy tenant on state.credential as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.credential using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.authorization_attempt enable row level security;
--> statement-breakpoint
alter table state.authorization_attempt force row level security;
--> statement-breakpoint
create policy tenant on state.authorization_attempt as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.authorization_attempt using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.sync_schedule enable row level security;
--> statement-breakpoint
alter table state.sync_schedule force row level security;
--> statement-breakpoint
create policy tenant on state.sync_schedule as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.sync_schedule using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.run_progress enable row level security;
--> statement-breakpoint
alter table state.run_progress force row level security;
--> statement-breakpoint
create policy tenant on state.run_progress as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.run_progress using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.staged_item enable row level security;
--> statement-breakpoint
alter table state.staged_item force row level security;
--> statement-breakpoint
create policy tenant on state.staged_item as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.staged_item using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
-- Which organizations a person belongs to is read before a tenant is known: bound to the person instead.
alter table accounts.user_membership enable row level security;
--> statement-breakpoint
alter table accounts.user_membership force row level security;
--> statement-breakpoint
create policy person on accounts.user_membership as restrictive using (user_id = current_setting('app.user_id')::uuid) with check (user_id = current_setting('app.user_id')::uuid);
--> statement-breakpoint
create policy allow on accounts.user_membership using (user_id = current_setting('app.user_id')::uuid) with check (user_id = current_setting('app.user_id')::uuid);
--> statement-breakpoint
-- Grants by class. Ledger: read, and insert what is not an event. State: all. Events and the head: append alone.
grant select on all tables in schema ledger to attestry_app, attestry_retention;
--> statement-breakpoint
-- FOR SHARE on the head wants an UPDATE right on some column; the guard lets this one never change.
grant update (organization_id) on ledger.head to attestry_app;
--> statement-breakpoint
grant insert on ledger.item, ledger.item_body, ledger.evidence, ledger.evidence_delta, ledger.sealed_stream to attestry_app;
--> statement-breakpoint
grant update (sealed_by) on ledger.item_body to attestry_app;
--> statement-breakpoint
grant select, insert, update, delete on all tables in schema state to attestry_app;
--> statement-breakpoint
grant select, insert, update, delete on all tables in schema accounts to attestry_app;
--> statement-breakpoint
grant usage on schema ledger to attestry_retention;
--> statement-breakpoint
grant insert on ledger.purged_item to attestry_retention;
--> statement-breakpoint
grant update (purged_at_position), delete on ledger.item_body to attestry_retention;
--> statement-breakpoint
grant usage on schema ledger, state, accounts to attestry_backup;
--> statement-breakpoint
grant select on all tables in schema ledger, state, accounts to attestry_backup;
--> statement-breakpoint
create function ledger.forbid() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception '% on %.% is forbidden: append-only', tg_op, tg_table_schema, tg_table_name using errcode = '42501';
end $$;
--> statement-breakpoint
-- A body takes one mark, once; a purged mark opens it to DELETE, a sealed one never. The guard looks at its own row
-- only, so that it holds for superusers, in the replica role and on shards.
create function ledger.body_guard() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if tg_op = 'UPDATE' then
    if (new.organization_id, new.hash, new.body) = (old.organization_id, old.hash, old.body)
       and old.purged_at_position is null and old.sealed_by is null
       and (new.purged_at_position is null) <> (new.sealed_by is null) then
      return new;
    end if;
  elsif old.purged_at_position is not null and old.sealed_by is null then
    return old;
  end if;
  raise exception '% on %.% is forbidden', tg_op, tg_table_schema, tg_table_name using errcode = '42501';
end $$;
--> statement-breakpoint
-- The head only ever grows; whether it is simulated was decided with the organization.
create function ledger.counter_guard() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if tg_op = 'UPDATE' and new.size >= old.size and new.last_at >= old.last_at
     and (new.organization_id, new.simulated) = (old.organization_id, old.simulated) then
    return new;
  end if;
  raise exception '% on %.% is forbidden', tg_op, tg_table_schema, tg_table_name using errcode = '42501';
end $$;
--> statement-breakpoint
create trigger no_change before update or delete on ledger.streams for each row execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.streams enable always trigger no_change;
--> statement-breakpoint
create trigger no_change before update or delete on ledger.events for each row execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.events enable always trigger no_change;
--> statement-breakpoint
create trigger no_change before update or delete on ledger.item for each row execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.item enable always trigger no_change;
--> statement-breakpoint
create trigger no_change before update or delete on ledger.purged_item for each row execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.purged_item enable always trigger no_change;
--> statement-breakpoint
create trigger no_change before update or delete on ledger.sealed_stream for each row execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.sealed_stream enable always trigger no_change;
--> statement-breakpoint
create trigger no_change before update or delete on ledger.evidence for each row execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.evidence enable always trigger no_change;
--> statement-breakpoint
create trigger no_change before update or delete on ledger.evidence_delta for each row execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.evidence_delta enable always trigger no_change;
--> statement-breakpoint
create trigger guard before update or delete on ledger.item_body for each row execute function ledger.body_guard();
--> statement-breakpoint
alter table ledger.item_body enable always trigger guard;
--> statement-breakpoint
create trigger guard before update or delete on ledger.head for each row execute function ledger.counter_guard();
--> statement-breakpoint
alter table ledger.head enable always trigger guard;
--> statement-breakpoint
create trigger no_truncate before truncate on ledger.head for each statement execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.head enable always trigger no_truncate;
--> statement-breakpoint
create trigger no_truncate before truncate on ledger.streams for each statement execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.streams enable always trigger no_truncate;
--> statement-breakpoint
create trigger no_truncate before truncate on ledger.events for each statement execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.events enable always trigger no_truncate;
--> statement-breakpoint
create trigger no_truncate before truncate on ledger.item for each statement execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.item enable always trigger no_truncate;
--> statement-breakpoint
create trigger no_truncate before truncate on ledger.purged_item for each statement execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.purged_item enable always trigger no_truncate;
--> statement-breakpoint
create trigger no_truncate before truncate on ledger.sealed_stream for each statement execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.sealed_stream enable always trigger no_truncate;
--> statement-breakpoint
create trigger no_truncate before truncate on ledger.evidence for each statement execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.evidence enable always trigger no_truncate;
--> statement-breakpoint
create trigger no_truncate before truncate on ledger.evidence_delta for each statement execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.evidence_delta enable always trigger no_truncate;
--> statement-breakpoint
create trigger no_truncate before truncate on ledger.item_body for each statement execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.item_body enable always trigger no_truncate;
