-- The walls of 0001 around what people decide, where it is read and where a rebuild writes it.
alter table state.threshold enable row level security;
--> statement-breakpoint
alter table state.threshold force row level security;
--> statement-breakpoint
create policy tenant on state.threshold as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.threshold using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on state.threshold to attestry_app;
--> statement-breakpoint
grant select on state.threshold to attestry_backup;
--> statement-breakpoint
alter table rebuild.threshold enable row level security;
--> statement-breakpoint
alter table rebuild.threshold force row level security;
--> statement-breakpoint
create policy tenant on rebuild.threshold as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.threshold using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on rebuild.threshold to attestry_app;
--> statement-breakpoint
grant select on rebuild.threshold to attestry_backup;
--> statement-breakpoint
alter table state.out_of_scope enable row level security;
--> statement-breakpoint
alter table state.out_of_scope force row level security;
--> statement-breakpoint
create policy tenant on state.out_of_scope as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.out_of_scope using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on state.out_of_scope to attestry_app;
--> statement-breakpoint
grant select on state.out_of_scope to attestry_backup;
--> statement-breakpoint
alter table rebuild.out_of_scope enable row level security;
--> statement-breakpoint
alter table rebuild.out_of_scope force row level security;
--> statement-breakpoint
create policy tenant on rebuild.out_of_scope as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.out_of_scope using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on rebuild.out_of_scope to attestry_app;
--> statement-breakpoint
grant select on rebuild.out_of_scope to attestry_backup;
--> statement-breakpoint
alter table state.account_class enable row level security;
--> statement-breakpoint
alter table state.account_class force row level security;
--> statement-breakpoint
create policy tenant on state.account_class as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.account_class using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on state.account_class to attestry_app;
--> statement-breakpoint
grant select on state.account_class to attestry_backup;
--> statement-breakpoint
alter table rebuild.account_class enable row level security;
--> statement-breakpoint
alter table rebuild.account_class force row level security;
--> statement-breakpoint
create policy tenant on rebuild.account_class as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.account_class using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on rebuild.account_class to attestry_app;
--> statement-breakpoint
grant select on rebuild.account_class to attestry_backup;
--> statement-breakpoint
alter table state.administrator enable row level security;
--> statement-breakpoint
alter table state.administrator force row level security;
--> statement-breakpoint
create policy tenant on state.administrator as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.administrator using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on state.administrator to attestry_app;
--> statement-breakpoint
grant select on state.administrator to attestry_backup;
--> statement-breakpoint
alter table rebuild.administrator enable row level security;
--> statement-breakpoint
alter table rebuild.administrator force row level security;
--> statement-breakpoint
create policy tenant on rebuild.administrator as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.administrator using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on rebuild.administrator to attestry_app;
--> statement-breakpoint
grant select on rebuild.administrator to attestry_backup;
--> statement-breakpoint
alter table state.exception enable row level security;
--> statement-breakpoint
alter table state.exception force row level security;
--> statement-breakpoint
create policy tenant on state.exception as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.exception using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on state.exception to attestry_app;
--> statement-breakpoint
grant select on state.exception to attestry_backup;
--> statement-breakpoint
alter table rebuild.exception enable row level security;
--> statement-breakpoint
alter table rebuild.exception force row level security;
--> statement-breakpoint
create policy tenant on rebuild.exception as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on rebuild.exception using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on rebuild.exception to attestry_app;
--> statement-breakpoint
grant select on rebuild.exception to attestry_backup;
