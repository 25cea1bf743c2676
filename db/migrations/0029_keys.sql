CREATE TABLE "state"."key_obstacle" (
	"organization_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"explanation" text NOT NULL,
	CONSTRAINT "key_obstacle_organization_id_pk" PRIMARY KEY("organization_id")
);
--> statement-breakpoint
ALTER TABLE "state"."data_key" ADD COLUMN "retired_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "state"."organization_profile" ADD COLUMN "kms_key_id" text;--> statement-breakpoint
ALTER TABLE "rebuild"."organization_profile" ADD COLUMN "kms_key_id" text;