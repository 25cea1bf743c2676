-- The walls of 0001 around the tables of 0003: policies for everyone, grants by class, guards on what is insert-only.
grant usage on schema rebuild to attestry_app, attestry_backup;
--> statement-breakpoint
alter table ledger.log_key enable row level security;
--> statement-breakpoint
alter table ledger.log_key force row level security;
--> statement-breakpoint
create policy tenant on ledger.log_key as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on ledger.log_key using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table ledger.tile enable row level security;
--> statement-breakpoint
alter table ledger.tile force row level security;
--> statement-breakpoint
create policy tenant on ledger.tile as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on ledger.tile using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table ledger.checkpoint enable row level security;
--> statement-breakpoint
alter table ledger.checkpoint force row level security;
--> statement-breakpoint
create policy tenant on ledger.checkpoint as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on ledger.checkpoint using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.webhook enable row level security;
--> statement-breakpoint
alter table state.webhook force row level security;
--> statement-breakpoint
create policy tenant on state.webhook as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.webhook using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.checkpoint_subscription enable row level security;
--> statement-breakpoint
alter table state.checkpoint_subscription force row level security;
--> statement-breakpoint
create policy tenant on state.checkpoint_subscription as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.checkpoint_subscription using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.delivery enable row level security;
--> statement-breakpoint
alter table state.delivery force row level security;
--> statement-breakpoint
create policy tenant on state.delivery as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.delivery using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.export_archive enable row level security;
--> statement-breakpoint
alter table state.export_archive force row level security;
--> statement-breakpoint
create policy tenant on state.export_archive as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.export_archive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.export_chunk enable row level security;
--> statement-breakpoint
alter table state.export_chunk force row level security;
--> statement-breakpoint
create policy tenant on state.export_chunk as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.export_chunk using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.verification enable row level security;
--> statement-breakpoint
alter table state.verification force row level security;
--> statement-breakpoint
create policy tenant on state.verification as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.verification using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table state.projection_rebuild enable row level security;
--> statement-breakpoint
alter table state.projection_rebuild force row level security;
--> statement-breakpoint
create policy tenant on state.projection_rebuild as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.projection_rebuild using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table rebuild.organization_profile enable row level security;
--> statement-breakpoint
alter table rebuild.organization_profile force row level security;
--> statement-breakpoint
create policy tenant on rebuild.organization_profile as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.organization_profile using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table rebuild.member enable row level security;
--> statement-breakpoint
alter table rebuild.member force row level security;
--> statement-breakpoint
create policy tenant on rebuild.member as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.member using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table rebuild.connection enable row level security;
--> statement-breakpoint
alter table rebuild.connection force row level security;
--> statement-breakpoint
create policy tenant on rebuild.connection as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.connection using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table rebuild.run enable row level security;
--> statement-breakpoint
alter table rebuild.run force row level security;
--> statement-breakpoint
create policy tenant on rebuild.run as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.run using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table rebuild.kind_status enable row level security;
--> statement-breakpoint
alter table rebuild.kind_status force row level security;
--> statement-breakpoint
create policy tenant on rebuild.kind_status as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.kind_status using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table rebuild.success_chain enable row level security;
--> statement-breakpoint
alter table rebuild.success_chain force row level security;
--> statement-breakpoint
create policy tenant on rebuild.success_chain as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.success_chain using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table rebuild.membership enable row level security;
--> statement-breakpoint
alter table rebuild.membership force row level security;
--> statement-breakpoint
create policy tenant on rebuild.membership as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.membership using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table rebuild.verdict enable row level security;
--> statement-breakpoint
alter table rebuild.verdict force row level security;
--> statement-breakpoint
create policy tenant on rebuild.verdict as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.verdict using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select on ledger.log_key, ledger.tile, ledger.checkpoint to attestry_app, attestry_retention, attestry_backup;
--> statement-breakpoint
grant insert on ledger.log_key, ledger.tile, ledger.checkpoint to attestry_app;
--> statement-breakpoint
grant select, insert, update, delete on state.webhook, state.checkpoint_subscription, state.delivery, state.export_archive, state.export_chunk, state.verification, state.projection_rebuild to attestry_app;
--> statement-breakpoint
grant select, insert, update, delete on rebuild.organization_profile, rebuild.member, rebuild.connection, rebuild.run, rebuild.kind_status, rebuild.success_chain, rebuild.membership, rebuild.verdict to attestry_app;
--> statement-breakpoint
grant select on state.webhook, state.checkpoint_subscription, state.delivery, state.export_archive, state.export_chunk, state.verification, state.projection_rebuild to attestry_backup;
--> statement-breakpoint
grant select on rebuild.organization_profile, rebuild.member, rebuild.connection, rebuild.run, rebuild.kind_status, rebuild.success_chain, rebuild.membership, rebuild.verdict to attestry_backup;
--> statement-breakpoint
create trigger no_change before update or delete on ledger.log_key for each row execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.log_key enable always trigger no_change;
--> statement-breakpoint
create trigger no_truncate before truncate on ledger.log_key for each statement execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.log_key enable always trigger no_truncate;
--> statement-breakpoint
create trigger no_change before update or delete on ledger.tile for each row execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.tile enable always trigger no_change;
--> statement-breakpoint
create trigger no_truncate before truncate on ledger.tile for each statement execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.tile enable always trigger no_truncate;
--> statement-breakpoint
create trigger no_change before update or delete on ledger.checkpoint for each row execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.checkpoint enable always trigger no_change;
--> statement-breakpoint
create trigger no_truncate before truncate on ledger.checkpoint for each statement execute function ledger.forbid();
--> statement-breakpoint
alter table ledger.checkpoint enable always trigger no_truncate;
