ALTER TABLE "state"."run" ADD COLUMN "cadence" text DEFAULT 'hourly' NOT NULL;--> statement-breakpoint
ALTER TABLE "rebuild"."run" ADD COLUMN "cadence" text DEFAULT 'hourly' NOT NULL;--> statement-breakpoint
ALTER TABLE "state"."sync_schedule" ADD COLUMN "cadence" text DEFAULT 'hourly' NOT NULL;--> statement-breakpoint
ALTER TABLE "state"."sync_schedule" DROP CONSTRAINT "sync_schedule_organization_id_connection_id_pk";--> statement-breakpoint
ALTER TABLE "state"."sync_schedule" ADD CONSTRAINT "sync_schedule_organization_id_connection_id_cadence_pk" PRIMARY KEY("organization_id","connection_id","cadence");
