CREATE TABLE "state"."review" (
	"organization_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"done_at" timestamp with time zone NOT NULL,
	"outcome" text,
	"note" text,
	"list_position" bigint,
	"list_count" integer,
	"list_fingerprint" text,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	CONSTRAINT "review_organization_id_source_id_kind_subject_id_from_position_pk" PRIMARY KEY("organization_id","source_id","kind","subject_id","from_position")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."review" (
	"organization_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"done_at" timestamp with time zone NOT NULL,
	"outcome" text,
	"note" text,
	"list_position" bigint,
	"list_count" integer,
	"list_fingerprint" text,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	CONSTRAINT "review_organization_id_source_id_kind_subject_id_from_position_pk" PRIMARY KEY("organization_id","source_id","kind","subject_id","from_position")
);
--> statement-breakpoint
CREATE INDEX "review_range" ON "state"."review" USING btree ("organization_id","from_position","to_position");--> statement-breakpoint
CREATE INDEX "review_range" ON "rebuild"."review" USING btree ("organization_id","from_position","to_position");