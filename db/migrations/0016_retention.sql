CREATE TABLE "state"."purge" (
	"organization_id" uuid NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"holder" uuid,
	"lease_until" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"removed" integer DEFAULT 0 NOT NULL,
	"kept" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "purge_organization_id_pk" PRIMARY KEY("organization_id")
);
--> statement-breakpoint
ALTER TABLE "state"."organization_profile" ADD COLUMN "retention_years" integer DEFAULT 7 NOT NULL;--> statement-breakpoint
ALTER TABLE "rebuild"."organization_profile" ADD COLUMN "retention_years" integer DEFAULT 7 NOT NULL;