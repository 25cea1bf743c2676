grant select, insert, update, delete on accounts.two_factors, accounts.passkeys to attestry_app;
--> statement-breakpoint
grant select on accounts.two_factors, accounts.passkeys to attestry_backup;
