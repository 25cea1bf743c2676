ALTER TABLE "state"."projection_rebuild" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "state"."projection_rebuild" ADD COLUMN "holder" uuid;--> statement-breakpoint
ALTER TABLE "state"."projection_rebuild" ADD COLUMN "lease_until" timestamp with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "projection_rebuild_running" ON "state"."projection_rebuild" USING btree ("organization_id") WHERE status = 'running';