-- The walls of 0001 around what a run stages. Its bodies are written once, read once and dropped: compressing them would
-- cost more than all the rest.
alter table state.staged_batch enable row level security;
--> statement-breakpoint
alter table state.staged_batch force row level security;
--> statement-breakpoint
create policy tenant on state.staged_batch as restrictive using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
create policy allow on state.staged_batch using (organization_id = current_setting('app.organization_id')::uuid) with check (organization_id = current_setting('app.organization_id')::uuid);
--> statement-breakpoint
grant select, insert, update, delete on state.staged_batch to attestry_app;
--> statement-breakpoint
grant select on state.staged_batch to attestry_backup;
--> statement-breakpoint
alter table state.staged_batch alter column subject_keys set storage external;
--> statement-breakpoint
alter table state.staged_batch alter column item_hashes set storage external;
--> statement-breakpoint
alter table state.staged_batch alter column bodies set storage external;
