CREATE TABLE "state"."assessment" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"name" text NOT NULL,
	"period_from" timestamp with time zone NOT NULL,
	"period_to" timestamp with time zone NOT NULL,
	"controls" text[] NOT NULL,
	"catalogue_version" integer NOT NULL,
	"status" text NOT NULL,
	"opened_by" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"submitted_by" uuid,
	"submitted_at" timestamp with time zone,
	"sent_back_reason" text,
	"approved_by" uuid,
	"approved_at" timestamp with time zone,
	"checkpoint_size" bigint,
	"checkpoint_root" text,
	"items_sealed" integer,
	"items_gone" integer,
	CONSTRAINT "assessment_organization_id_id_from_position_pk" PRIMARY KEY("organization_id","id","from_position")
);
--> statement-breakpoint
CREATE TABLE "state"."assessment_evidence" (
	"organization_id" uuid NOT NULL,
	"assessment_id" uuid NOT NULL,
	"attachment_id" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"evidence_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"item_count" integer NOT NULL,
	"instant" timestamp with time zone NOT NULL,
	"at_position" bigint NOT NULL,
	CONSTRAINT "assessment_evidence_organization_id_assessment_id_attachment_id_from_position_pk" PRIMARY KEY("organization_id","assessment_id","attachment_id","from_position")
);
--> statement-breakpoint
CREATE TABLE "state"."sample" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"assessment_id" uuid NOT NULL,
	"control_id" text NOT NULL,
	"attachment_id" uuid NOT NULL,
	"population_count" integer NOT NULL,
	"population_root" text NOT NULL,
	"size" integer NOT NULL,
	"seed" text NOT NULL,
	"algorithm" integer NOT NULL,
	"drawn_by" text NOT NULL,
	"drawn_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sample_organization_id_id_from_position_pk" PRIMARY KEY("organization_id","id","from_position")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."assessment" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"name" text NOT NULL,
	"period_from" timestamp with time zone NOT NULL,
	"period_to" timestamp with time zone NOT NULL,
	"controls" text[] NOT NULL,
	"catalogue_version" integer NOT NULL,
	"status" text NOT NULL,
	"opened_by" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"submitted_by" uuid,
	"submitted_at" timestamp with time zone,
	"sent_back_reason" text,
	"approved_by" uuid,
	"approved_at" timestamp with time zone,
	"checkpoint_size" bigint,
	"checkpoint_root" text,
	"items_sealed" integer,
	"items_gone" integer,
	CONSTRAINT "assessment_organization_id_id_from_position_pk" PRIMARY KEY("organization_id","id","from_position")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."assessment_evidence" (
	"organization_id" uuid NOT NULL,
	"assessment_id" uuid NOT NULL,
	"attachment_id" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"evidence_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"item_count" integer NOT NULL,
	"instant" timestamp with time zone NOT NULL,
	"at_position" bigint NOT NULL,
	CONSTRAINT "assessment_evidence_organization_id_assessment_id_attachment_id_from_position_pk" PRIMARY KEY("organization_id","assessment_id","attachment_id","from_position")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."sample" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"assessment_id" uuid NOT NULL,
	"control_id" text NOT NULL,
	"attachment_id" uuid NOT NULL,
	"population_count" integer NOT NULL,
	"population_root" text NOT NULL,
	"size" integer NOT NULL,
	"seed" text NOT NULL,
	"algorithm" integer NOT NULL,
	"drawn_by" text NOT NULL,
	"drawn_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sample_organization_id_id_from_position_pk" PRIMARY KEY("organization_id","id","from_position")
);
--> statement-breakpoint
ALTER TABLE "state"."invitation" ADD COLUMN "assessments" uuid[] DEFAULT '{}'::uuid[] NOT NULL;--> statement-breakpoint
ALTER TABLE "state"."member" ADD COLUMN "assessments" uuid[] DEFAULT '{}'::uuid[] NOT NULL;--> statement-breakpoint
ALTER TABLE "rebuild"."member" ADD COLUMN "assessments" uuid[] DEFAULT '{}'::uuid[] NOT NULL;--> statement-breakpoint
CREATE INDEX "sample_assessment" ON "state"."sample" USING btree ("organization_id","assessment_id");--> statement-breakpoint
CREATE INDEX "sample_assessment" ON "rebuild"."sample" USING btree ("organization_id","assessment_id");