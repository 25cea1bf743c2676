-- The walls of 0001 around what people reviewed, where it is read and where a rebuild writes it.
alter table state.review enable row level security;
--> statement-breakpoint
alter table state.review force row level security;
--> statement-breakpoint
create policy tenant on state.review as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.review using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on state.review to attestry_app;
--> statement-breakpoint
grant select on state.review to attestry_backup;
--> statement-breakpoint
alter table rebuild.review enable row level security;
--> statement-breakpoint
alter table rebuild.review force row level security;
--> statement-breakpoint
create policy tenant on rebuild.review as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.review using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on rebuild.review to attestry_app;
--> statement-breakpoint
grant select on rebuild.review to attestry_backup;
