-- The walls of 0001 around what holds up the work on keys.
alter table state.key_obstacle enable row level security;
--> statement-breakpoint
alter table state.key_obstacle force row level security;
--> statement-breakpoint
create policy tenant on state.key_obstacle as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.key_obstacle using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on state.key_obstacle to attestry_app;
--> statement-breakpoint
grant select on state.key_obstacle to attestry_backup;
