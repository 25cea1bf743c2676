-- The walls of 0001 around who was erased.
alter table state.erasure enable row level security;
--> statement-breakpoint
alter table state.erasure force row level security;
--> statement-breakpoint
create policy tenant on state.erasure as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.erasure using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
alter table rebuild.erasure enable row level security;
--> statement-breakpoint
alter table rebuild.erasure force row level security;
--> statement-breakpoint
create policy tenant on rebuild.erasure as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.erasure using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on state.erasure, rebuild.erasure to attestry_app;
--> statement-breakpoint
grant select on state.erasure, rebuild.erasure to attestry_backup;
