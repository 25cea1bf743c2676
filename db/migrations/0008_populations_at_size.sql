CREATE TABLE "state"."staged_batch" (
	"organization_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"batch" integer NOT NULL,
	"subject_keys" uuid[] NOT NULL,
	"item_hashes" "bytea"[] NOT NULL,
	"bodies" text[] NOT NULL,
	CONSTRAINT "staged_batch_organization_id_run_id_kind_batch_pk" PRIMARY KEY("organization_id","run_id","kind","batch")
);
--> statement-breakpoint
ALTER TABLE "state"."staged_item" DISABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP TABLE "state"."staged_item" CASCADE;--> statement-breakpoint
DROP INDEX "state"."membership_label";--> statement-breakpoint
DROP INDEX "state"."membership_login";--> statement-breakpoint
DROP INDEX "state"."membership_open";--> statement-breakpoint
DROP INDEX "rebuild"."membership_label";--> statement-breakpoint
DROP INDEX "rebuild"."membership_login";--> statement-breakpoint
DROP INDEX "rebuild"."membership_open";--> statement-breakpoint
-- As in 0003: a new key is checked against rows that policies guard.
set local app.organization_id = '00000000-0000-0000-0000-000000000000';--> statement-breakpoint
ALTER TABLE "state"."staged_batch" ADD CONSTRAINT "staged_batch_run" FOREIGN KEY ("organization_id","run_id") REFERENCES "state"."run"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "membership_label" ON "state"."membership" USING btree ("organization_id","kind","label") WHERE "state"."membership"."label" >= '';--> statement-breakpoint
CREATE INDEX "membership_login" ON "state"."membership" USING btree ("organization_id","kind",(case when "login" is null then '' else "login" end)) WHERE (case when "state"."membership"."login" is null then '' else "state"."membership"."login" end) >= '';--> statement-breakpoint
CREATE UNIQUE INDEX "membership_open" ON "state"."membership" USING btree ("organization_id","source_id","kind","subject_key") WHERE "state"."membership"."to_position" = 9223372036854775807;--> statement-breakpoint
CREATE INDEX "membership_label" ON "rebuild"."membership" USING btree ("organization_id","kind","label") WHERE "rebuild"."membership"."label" >= '';--> statement-breakpoint
CREATE INDEX "membership_login" ON "rebuild"."membership" USING btree ("organization_id","kind",(case when "login" is null then '' else "login" end)) WHERE (case when "rebuild"."membership"."login" is null then '' else "rebuild"."membership"."login" end) >= '';--> statement-breakpoint
CREATE UNIQUE INDEX "membership_open" ON "rebuild"."membership" USING btree ("organization_id","source_id","kind","subject_key") WHERE "rebuild"."membership"."to_position" = 9223372036854775807;