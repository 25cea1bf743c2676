CREATE SCHEMA "rebuild";
--> statement-breakpoint
CREATE TABLE "ledger"."checkpoint" (
	"organization_id" uuid NOT NULL,
	"size" bigint NOT NULL,
	"root" "bytea" NOT NULL,
	"note" text NOT NULL,
	"key_id" text NOT NULL,
	"signed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "checkpoint_organization_id_size_pk" PRIMARY KEY("organization_id","size"),
	CONSTRAINT "checkpoint_size" CHECK ("ledger"."checkpoint"."size" > 0),
	CONSTRAINT "checkpoint_root_length" CHECK (length("ledger"."checkpoint"."root") = 32)
);
--> statement-breakpoint
CREATE TABLE "ledger"."log_key" (
	"organization_id" uuid NOT NULL,
	"key_id" text NOT NULL,
	"origin" text NOT NULL,
	"algorithm" text NOT NULL,
	"public_key" "bytea" NOT NULL,
	"kms_key_id" text NOT NULL,
	"position" bigint NOT NULL,
	CONSTRAINT "log_key_organization_id_key_id_pk" PRIMARY KEY("organization_id","key_id"),
	CONSTRAINT "log_key_algorithm" CHECK ("ledger"."log_key"."algorithm" in ('ed25519', 'ecdsa-p256'))
);
--> statement-breakpoint
CREATE TABLE "ledger"."tile" (
	"organization_id" uuid NOT NULL,
	"level" smallint NOT NULL,
	"index" bigint NOT NULL,
	"hashes" "bytea" NOT NULL,
	CONSTRAINT "tile_organization_id_level_index_pk" PRIMARY KEY("organization_id","level","index"),
	CONSTRAINT "tile_width" CHECK (length("ledger"."tile"."hashes") = 8192)
);
--> statement-breakpoint
CREATE TABLE "state"."checkpoint_subscription" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"user_id" uuid,
	"webhook_id" uuid,
	"cadence" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"sent_size" bigint,
	"sent_at" timestamp with time zone,
	CONSTRAINT "checkpoint_subscription_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "checkpoint_subscription_user" UNIQUE("organization_id","user_id"),
	CONSTRAINT "checkpoint_subscription_webhook" UNIQUE("organization_id","webhook_id"),
	CONSTRAINT "checkpoint_subscription_one_target" CHECK (("state"."checkpoint_subscription"."user_id" is null) <> ("state"."checkpoint_subscription"."webhook_id" is null))
);
--> statement-breakpoint
CREATE TABLE "state"."delivery" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"target_id" uuid NOT NULL,
	"subject" text NOT NULL,
	"attempt" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"status" integer,
	"explanation" text,
	CONSTRAINT "delivery_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "state"."export_archive" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"requested_by" uuid NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"period_from" timestamp with time zone,
	"period_to" timestamp with time zone,
	"as_of_instant" timestamp with time zone NOT NULL,
	"as_of_position" bigint NOT NULL,
	"status" text NOT NULL,
	"progress" jsonb NOT NULL,
	"bytes" bigint,
	"sha256" "bytea",
	"explanation" text,
	"finished_at" timestamp with time zone,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "export_archive_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "state"."export_chunk" (
	"organization_id" uuid NOT NULL,
	"export_id" uuid NOT NULL,
	"file" integer NOT NULL,
	"chunk" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "export_chunk_organization_id_export_id_file_chunk_pk" PRIMARY KEY("organization_id","export_id","file","chunk")
);
--> statement-breakpoint
CREATE TABLE "state"."projection_rebuild" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"status" text NOT NULL,
	"applied_position" bigint NOT NULL,
	"differences" jsonb,
	"finished_at" timestamp with time zone,
	CONSTRAINT "projection_rebuild_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "state"."verification" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"requested_by" uuid NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"status" text NOT NULL,
	"size" bigint NOT NULL,
	"progress" jsonb NOT NULL,
	"result" jsonb,
	"finished_at" timestamp with time zone,
	CONSTRAINT "verification_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "state"."webhook" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"label" text NOT NULL,
	"host" text NOT NULL,
	"sealed_url" "bytea" NOT NULL,
	"sealed_secret" "bytea" NOT NULL,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "webhook_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."connection" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"source_id" uuid NOT NULL,
	"connector" text NOT NULL,
	"external_tenant_id" uuid NOT NULL,
	"client_id" uuid NOT NULL,
	"cloud" text NOT NULL,
	"status" text NOT NULL,
	"attention" jsonb,
	"secret_expires_on" date,
	"granted_scopes" text[] NOT NULL,
	"missing_scopes" text[] NOT NULL,
	"excess_scopes" text[] NOT NULL,
	"connected_at" timestamp with time zone NOT NULL,
	"authorized_at" timestamp with time zone NOT NULL,
	"authorized_by" uuid NOT NULL,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "connection_organization_id_id_from_position_pk" PRIMARY KEY("organization_id","id","from_position")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."kind_status" (
	"organization_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"connection_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"reason" text,
	"explanation" text,
	"evidence_id" uuid,
	"fingerprint" "bytea",
	"item_count" integer,
	"last_success_at" timestamp with time zone,
	"licence_answers" smallint DEFAULT 0 NOT NULL,
	CONSTRAINT "kind_status_organization_id_source_id_kind_from_position_pk" PRIMARY KEY("organization_id","source_id","kind","from_position")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."member" (
	"organization_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"role" text NOT NULL,
	"period_from" timestamp with time zone,
	"period_to" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"since" timestamp with time zone NOT NULL,
	CONSTRAINT "member_organization_id_user_id_from_position_pk" PRIMARY KEY("organization_id","user_id","from_position")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."membership" (
	"organization_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject_key" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"item_hash" "bytea" NOT NULL,
	"label" text NOT NULL,
	"login" text,
	CONSTRAINT "membership_organization_id_source_id_kind_subject_key_from_position_pk" PRIMARY KEY("organization_id","source_id","kind","subject_key","from_position")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."organization_profile" (
	"organization_id" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"name" text NOT NULL,
	"slug" text NOT NULL,
	"simulated" boolean NOT NULL,
	"catalogue_version" integer NOT NULL,
	CONSTRAINT "organization_profile_organization_id_from_position_pk" PRIMARY KEY("organization_id","from_position")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."run" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"trigger" text NOT NULL,
	"started_position" bigint NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_position" bigint,
	"finished_at" timestamp with time zone,
	"outcome" text,
	"explanation" text,
	"kinds" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "run_organization_id_id_pk" PRIMARY KEY("organization_id","id")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."success_chain" (
	"organization_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "success_chain_organization_id_source_id_kind_first_at_pk" PRIMARY KEY("organization_id","source_id","kind","first_at")
);
--> statement-breakpoint
CREATE TABLE "rebuild"."verdict" (
	"organization_id" uuid NOT NULL,
	"control_id" text NOT NULL,
	"source_id" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"connection_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"to_at" timestamp with time zone,
	"verdict" text NOT NULL,
	"reasons" jsonb NOT NULL,
	"population" jsonb NOT NULL,
	"changes" jsonb NOT NULL,
	"inputs" text NOT NULL,
	"catalogue_version" integer NOT NULL,
	CONSTRAINT "verdict_organization_id_control_id_source_id_from_position_pk" PRIMARY KEY("organization_id","control_id","source_id","from_position")
);
--> statement-breakpoint
-- A new key is checked against rows that policies guard, the owner's own look included: of no organization, none.
set local app.organization_id = '00000000-0000-0000-0000-000000000000';--> statement-breakpoint
ALTER TABLE "ledger"."checkpoint" ADD CONSTRAINT "checkpoint_key" FOREIGN KEY ("organization_id","key_id") REFERENCES "ledger"."log_key"("organization_id","key_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger"."log_key" ADD CONSTRAINT "log_key_event" FOREIGN KEY ("organization_id","position") REFERENCES "ledger"."events"("organization_id","position") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger"."tile" ADD CONSTRAINT "tile_head" FOREIGN KEY ("organization_id") REFERENCES "ledger"."head"("organization_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "state"."checkpoint_subscription" ADD CONSTRAINT "checkpoint_subscription_target" FOREIGN KEY ("organization_id","webhook_id") REFERENCES "state"."webhook"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "state"."export_chunk" ADD CONSTRAINT "export_chunk_archive" FOREIGN KEY ("organization_id","export_id") REFERENCES "state"."export_archive"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "delivery_target" ON "state"."delivery" USING btree ("organization_id","target_id","at");--> statement-breakpoint
CREATE INDEX "export_archive_requested" ON "state"."export_archive" USING btree ("organization_id","requested_at");--> statement-breakpoint
CREATE INDEX "verification_requested" ON "state"."verification" USING btree ("organization_id","requested_at");--> statement-breakpoint
CREATE INDEX "connection_range" ON "rebuild"."connection" USING btree ("organization_id","from_position","to_position");--> statement-breakpoint
CREATE INDEX "connection_source" ON "rebuild"."connection" USING btree ("organization_id","source_id","from_position");--> statement-breakpoint
CREATE INDEX "kind_status_at" ON "rebuild"."kind_status" USING btree ("organization_id","at");--> statement-breakpoint
CREATE INDEX "kind_status_range" ON "rebuild"."kind_status" USING btree ("organization_id","to_position");--> statement-breakpoint
CREATE INDEX "member_range" ON "rebuild"."member" USING btree ("organization_id","from_position","to_position");--> statement-breakpoint
CREATE INDEX "membership_label" ON "rebuild"."membership" USING btree ("organization_id","kind","label");--> statement-breakpoint
CREATE INDEX "membership_login" ON "rebuild"."membership" USING btree ("organization_id","kind",(case when "login" is null then '' else "login" end));--> statement-breakpoint
CREATE INDEX "membership_open" ON "rebuild"."membership" USING btree ("organization_id","source_id","kind","to_position","subject_key");--> statement-breakpoint
CREATE INDEX "run_connection" ON "rebuild"."run" USING btree ("organization_id","connection_id","started_position");--> statement-breakpoint
CREATE INDEX "verdict_range" ON "rebuild"."verdict" USING btree ("organization_id","from_position","to_position");