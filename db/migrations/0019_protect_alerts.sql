-- The walls of 0001 around alerts, where a rebuild writes them, and the channels they go to.
alter table state.alert enable row level security;
--> statement-breakpoint
alter table state.alert force row level security;
--> statement-breakpoint
create policy tenant on state.alert as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.alert using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on state.alert to attestry_app;
--> statement-breakpoint
grant select on state.alert to attestry_backup;
--> statement-breakpoint
alter table state.alert_channel enable row level security;
--> statement-breakpoint
alter table state.alert_channel force row level security;
--> statement-breakpoint
create policy tenant on state.alert_channel as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.alert_channel using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on state.alert_channel to attestry_app;
--> statement-breakpoint
grant select on state.alert_channel to attestry_backup;
--> statement-breakpoint
alter table rebuild.alert enable row level security;
--> statement-breakpoint
alter table rebuild.alert force row level security;
--> statement-breakpoint
create policy tenant on rebuild.alert as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.alert using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on rebuild.alert to attestry_app;
--> statement-breakpoint
grant select on rebuild.alert to attestry_backup;
