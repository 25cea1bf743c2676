grant select, insert, update, delete on accounts.registrations to attestry_app;
--> statement-breakpoint
grant select on accounts.registrations to attestry_backup;
