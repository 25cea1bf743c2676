CREATE TABLE "state"."erasure" (
	"organization_id" uuid NOT NULL,
	"subject_key" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"completed_at" timestamp with time zone,
	CONSTRAINT "erasure_organization_id_subject_key_from_position_pk" PRIMARY KEY("organization_id","subject_key","from_position")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."erasure" (
	"organization_id" uuid NOT NULL,
	"subject_key" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"completed_at" timestamp with time zone,
	CONSTRAINT "erasure_organization_id_subject_key_from_position_pk" PRIMARY KEY("organization_id","subject_key","from_position")
);
--> statement-breakpoint
ALTER TABLE "state"."organization_profile" ADD COLUMN "deletes_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "state"."organization_profile" ADD COLUMN "deleted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "rebuild"."organization_profile" ADD COLUMN "deletes_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "rebuild"."organization_profile" ADD COLUMN "deleted_at" timestamp with time zone;