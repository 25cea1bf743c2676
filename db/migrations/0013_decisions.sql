CREATE TABLE "state"."account_class" (
	"organization_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"subject_key" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"class" text,
	"owner_id" uuid,
	"reason" text NOT NULL,
	"expires_at" timestamp with time zone,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	CONSTRAINT "account_class_organization_id_source_id_subject_key_from_position_pk" PRIMARY KEY("organization_id","source_id","subject_key","from_position")
);
--> statement-breakpoint
CREATE TABLE "state"."administrator" (
	"organization_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"subject_key" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	CONSTRAINT "administrator_organization_id_source_id_subject_key_from_position_pk" PRIMARY KEY("organization_id","source_id","subject_key","from_position")
);
--> statement-breakpoint
CREATE TABLE "state"."exception" (
	"organization_id" uuid NOT NULL,
	"exception_id" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"control_id" text NOT NULL,
	"source_id" uuid NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"reason" text NOT NULL,
	"owner_id" uuid NOT NULL,
	"requested_by" uuid NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"decision" text NOT NULL,
	"decided_by" uuid,
	"decided_at" timestamp with time zone,
	"decision_reason" text,
	CONSTRAINT "exception_organization_id_exception_id_from_position_pk" PRIMARY KEY("organization_id","exception_id","from_position")
);
--> statement-breakpoint
CREATE TABLE "state"."out_of_scope" (
	"organization_id" uuid NOT NULL,
	"what" text NOT NULL,
	"id" text NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone,
	"actor" text NOT NULL,
	CONSTRAINT "out_of_scope_organization_id_what_id_from_position_pk" PRIMARY KEY("organization_id","what","id","from_position")
);
--> statement-breakpoint
CREATE TABLE "state"."threshold" (
	"organization_id" uuid NOT NULL,
	"threshold_id" text NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"value" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	CONSTRAINT "threshold_organization_id_threshold_id_from_position_pk" PRIMARY KEY("organization_id","threshold_id","from_position")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."account_class" (
	"organization_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"subject_key" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"class" text,
	"owner_id" uuid,
	"reason" text NOT NULL,
	"expires_at" timestamp with time zone,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	CONSTRAINT "account_class_organization_id_source_id_subject_key_from_position_pk" PRIMARY KEY("organization_id","source_id","subject_key","from_position")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."administrator" (
	"organization_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"subject_key" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	CONSTRAINT "administrator_organization_id_source_id_subject_key_from_position_pk" PRIMARY KEY("organization_id","source_id","subject_key","from_position")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."exception" (
	"organization_id" uuid NOT NULL,
	"exception_id" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"control_id" text NOT NULL,
	"source_id" uuid NOT NULL,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"reason" text NOT NULL,
	"owner_id" uuid NOT NULL,
	"requested_by" uuid NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"decision" text NOT NULL,
	"decided_by" uuid,
	"decided_at" timestamp with time zone,
	"decision_reason" text,
	CONSTRAINT "exception_organization_id_exception_id_from_position_pk" PRIMARY KEY("organization_id","exception_id","from_position")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."out_of_scope" (
	"organization_id" uuid NOT NULL,
	"what" text NOT NULL,
	"id" text NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone,
	"actor" text NOT NULL,
	CONSTRAINT "out_of_scope_organization_id_what_id_from_position_pk" PRIMARY KEY("organization_id","what","id","from_position")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."threshold" (
	"organization_id" uuid NOT NULL,
	"threshold_id" text NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"value" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	CONSTRAINT "threshold_organization_id_threshold_id_from_position_pk" PRIMARY KEY("organization_id","threshold_id","from_position")
);
--> statement-breakpoint
CREATE INDEX "account_class_range" ON "state"."account_class" USING btree ("organization_id","from_position","to_position");--> statement-breakpoint
CREATE INDEX "administrator_range" ON "state"."administrator" USING btree ("organization_id","from_position","to_position");--> statement-breakpoint
CREATE INDEX "exception_range" ON "state"."exception" USING btree ("organization_id","from_position","to_position");--> statement-breakpoint
CREATE INDEX "account_class_range" ON "rebuild"."account_class" USING btree ("organization_id","from_position","to_position");--> statement-breakpoint
CREATE INDEX "administrator_range" ON "rebuild"."administrator" USING btree ("organization_id","from_position","to_position");--> statement-breakpoint
CREATE INDEX "exception_range" ON "rebuild"."exception" USING btree ("organization_id","from_position","to_position");