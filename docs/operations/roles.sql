-- The four roles and the database, for a server of your own. Run once, by psql 14 or later, as an administrator of the
-- server, with the passwords in the environment:
--
--   ATTESTRY_OWNER_PASSWORD=… ATTESTRY_APP_PASSWORD=… ATTESTRY_RETENTION_PASSWORD=… ATTESTRY_BACKUP_PASSWORD=… \
--     psql --set ON_ERROR_STOP=1 --file docs/operations/roles.sql "postgres://postgres@db.example.com/postgres"
--
-- The same as db/roles.ts does for development: the app is neither owner nor superuser and cannot pass row-level
-- security; the backup role reads past it and writes nothing.
\getenv owner_password ATTESTRY_OWNER_PASSWORD
\getenv app_password ATTESTRY_APP_PASSWORD
\getenv retention_password ATTESTRY_RETENTION_PASSWORD
\getenv backup_password ATTESTRY_BACKUP_PASSWORD

create role attestry_owner login nosuperuser nobypassrls password :'owner_password';
create role attestry_app login nosuperuser nobypassrls password :'app_password';
create role attestry_retention login nosuperuser nobypassrls password :'retention_password';
create role attestry_backup login nosuperuser bypassrls password :'backup_password';
-- Text is compared by bytes, as in development and tests.
create database attestry owner attestry_owner encoding 'UTF8' locale 'C' template template0;
