-- The walls of 0001 around the record of purges, and what a purge needs beside the ledger: it takes an organization's
-- appends for itself while it looks, clears the names that lists copied out of bodies, and keeps a rebuild from copying
-- them meanwhile.
alter table state.purge enable row level security;
--> statement-breakpoint
alter table state.purge force row level security;
--> statement-breakpoint
create policy tenant on state.purge as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.purge using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on state.purge to attestry_app;
--> statement-breakpoint
grant select on state.purge to attestry_backup;
--> statement-breakpoint
grant usage on schema state, rebuild to attestry_retention;
--> statement-breakpoint
grant select, update on state.purge to attestry_retention;
--> statement-breakpoint
grant select on state.organization_profile to attestry_retention;
--> statement-breakpoint
grant select, update (label, login) on state.membership to attestry_retention;
--> statement-breakpoint
grant select, update (label, login) on rebuild.membership to attestry_retention;
--> statement-breakpoint
grant select, update (lease_until) on state.projection_rebuild to attestry_retention;
--> statement-breakpoint
-- FOR UPDATE on the head wants an UPDATE right on some column; the guard lets this one never change.
grant update (organization_id) on ledger.head to attestry_retention;
