CREATE SCHEMA "accounts";
--> statement-breakpoint
CREATE SCHEMA "ledger";
--> statement-breakpoint
CREATE SCHEMA "state";
--> statement-breakpoint
CREATE TABLE "accounts"."credentials" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"password" text,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "accounts"."organization_slug" (
	"organization_id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	CONSTRAINT "organization_slug_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "accounts"."rate_limits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"count" integer NOT NULL,
	"last_request" bigint NOT NULL,
	CONSTRAINT "rate_limits_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "accounts"."sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"token" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sessions_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "accounts"."user_membership" (
	"user_id" uuid NOT NULL,
	"organization_id" uuid NOT NULL,
	CONSTRAINT "user_membership_user_id_organization_id_pk" PRIMARY KEY("user_id","organization_id")
);
--> statement-breakpoint
CREATE TABLE "accounts"."users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "accounts"."verifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger"."events" (
	"organization_id" uuid NOT NULL,
	"position" bigint NOT NULL,
	"stream_id" uuid NOT NULL,
	"stream_version" bigint NOT NULL,
	"event_id" uuid NOT NULL,
	"event_type" text NOT NULL,
	"schema_version" smallint NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"payload" text NOT NULL,
	"leaf_hash" "bytea" NOT NULL,
	CONSTRAINT "events_organization_id_position_pk" PRIMARY KEY("organization_id","position"),
	CONSTRAINT "events_stream_version" UNIQUE("organization_id","stream_id","stream_version"),
	CONSTRAINT "events_event_id" UNIQUE("organization_id","event_id"),
	CONSTRAINT "events_position_type" UNIQUE("organization_id","position","event_type"),
	CONSTRAINT "events_stream_version_positive" CHECK ("ledger"."events"."stream_version" > 0),
	CONSTRAINT "events_leaf_hash_length" CHECK (length("ledger"."events"."leaf_hash") = 32)
);
--> statement-breakpoint
CREATE TABLE "ledger"."evidence" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"position" bigint NOT NULL,
	"connection_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"mode" text NOT NULL,
	"fingerprint" "bytea" NOT NULL,
	"item_count" integer NOT NULL,
	"collected_from" timestamp with time zone NOT NULL,
	"collected_to" timestamp with time zone NOT NULL,
	"window_from" timestamp with time zone,
	"window_to" timestamp with time zone,
	"summary" text NOT NULL,
	"provenance" text NOT NULL,
	CONSTRAINT "evidence_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "evidence_fingerprint_length" CHECK (length("ledger"."evidence"."fingerprint") = 32),
	CONSTRAINT "evidence_mode" CHECK ("ledger"."evidence"."mode" in ('state', 'feed'))
);
--> statement-breakpoint
CREATE TABLE "ledger"."evidence_delta" (
	"organization_id" uuid NOT NULL,
	"evidence_id" uuid NOT NULL,
	"subject_key" uuid NOT NULL,
	"item_hash" "bytea",
	CONSTRAINT "evidence_delta_organization_id_evidence_id_subject_key_pk" PRIMARY KEY("organization_id","evidence_id","subject_key")
);
--> statement-breakpoint
CREATE TABLE "ledger"."head" (
	"organization_id" uuid PRIMARY KEY NOT NULL,
	"simulated" boolean DEFAULT false NOT NULL,
	"size" bigint DEFAULT 0 NOT NULL,
	"last_at" timestamp with time zone DEFAULT '-infinity' NOT NULL,
	CONSTRAINT "head_size" CHECK ("ledger"."head"."size" >= 0)
);
--> statement-breakpoint
CREATE TABLE "ledger"."item" (
	"organization_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "item_organization_id_hash_pk" PRIMARY KEY("organization_id","hash"),
	CONSTRAINT "item_hash_length" CHECK (length("ledger"."item"."hash") = 32)
);
--> statement-breakpoint
CREATE TABLE "ledger"."item_body" (
	"organization_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	"body" text NOT NULL,
	"purged_at_position" bigint,
	"sealed_by" uuid,
	CONSTRAINT "item_body_organization_id_hash_pk" PRIMARY KEY("organization_id","hash"),
	CONSTRAINT "item_body_one_mark" CHECK ("ledger"."item_body"."purged_at_position" is null or "ledger"."item_body"."sealed_by" is null),
	CONSTRAINT "item_body_hash" CHECK ("ledger"."item_body"."hash" = sha256(convert_to("ledger"."item_body"."body", 'UTF8')))
);
--> statement-breakpoint
CREATE TABLE "ledger"."purged_item" (
	"organization_id" uuid NOT NULL,
	"hash" "bytea" NOT NULL,
	"position" bigint NOT NULL,
	"event_type" text DEFAULT 'ItemsPurged' NOT NULL,
	CONSTRAINT "purged_item_organization_id_hash_position_pk" PRIMARY KEY("organization_id","hash","position"),
	CONSTRAINT "purged_item_event_type" CHECK ("ledger"."purged_item"."event_type" = 'ItemsPurged')
);
--> statement-breakpoint
CREATE TABLE "ledger"."sealed_stream" (
	"organization_id" uuid NOT NULL,
	"stream_id" uuid NOT NULL,
	CONSTRAINT "sealed_stream_organization_id_stream_id_pk" PRIMARY KEY("organization_id","stream_id")
);
--> statement-breakpoint
CREATE TABLE "ledger"."streams" (
	"organization_id" uuid NOT NULL,
	"stream_id" uuid NOT NULL,
	"stream_type" text NOT NULL,
	CONSTRAINT "streams_organization_id_stream_id_pk" PRIMARY KEY("organization_id","stream_id")
);
--> statement-breakpoint
CREATE TABLE "state"."authorization_attempt" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"state_hash" "bytea" NOT NULL,
	"session_id" text NOT NULL,
	"user_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"connector" text NOT NULL,
	"connection_id" uuid NOT NULL,
	"external_tenant_id" uuid NOT NULL,
	"client_id" uuid NOT NULL,
	"cloud" text NOT NULL,
	"secret_expires_on" date,
	"sealed_client_secret" "bytea" NOT NULL,
	"sealed_verifier" "bytea" NOT NULL,
	"sealed_nonce" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "authorization_attempt_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "authorization_attempt_state" UNIQUE("organization_id","state_hash")
);
--> statement-breakpoint
CREATE TABLE "state"."connection" (
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
CREATE TABLE "state"."credential" (
	"organization_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"field" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "credential_organization_id_connection_id_field_pk" PRIMARY KEY("organization_id","connection_id","field")
);
--> statement-breakpoint
CREATE TABLE "state"."data_key" (
	"organization_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"wrapped" "bytea" NOT NULL,
	"kms_key_id" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "data_key_organization_id_version_pk" PRIMARY KEY("organization_id","version")
);
--> statement-breakpoint
CREATE TABLE "state"."invitation" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"period_from" timestamp with time zone,
	"period_to" timestamp with time zone,
	"access_expires_at" timestamp with time zone,
	"invited_by" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"withdrawn_at" timestamp with time zone,
	CONSTRAINT "invitation_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "invitation_token" UNIQUE("organization_id","token_hash")
);
--> statement-breakpoint
CREATE TABLE "state"."kind_status" (
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
CREATE TABLE "state"."member" (
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
CREATE TABLE "state"."membership" (
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
CREATE TABLE "state"."organization_profile" (
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
CREATE TABLE "state"."run" (
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
CREATE TABLE "state"."run_progress" (
	"organization_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"progress" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "run_progress_organization_id_run_id_pk" PRIMARY KEY("organization_id","run_id")
);
--> statement-breakpoint
CREATE TABLE "state"."staged_item" (
	"organization_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject_key" uuid NOT NULL,
	"item_hash" "bytea",
	"body" text,
	CONSTRAINT "staged_item_organization_id_run_id_kind_subject_key_pk" PRIMARY KEY("organization_id","run_id","kind","subject_key")
);
--> statement-breakpoint
CREATE TABLE "state"."success_chain" (
	"organization_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "success_chain_organization_id_source_id_kind_first_at_pk" PRIMARY KEY("organization_id","source_id","kind","first_at")
);
--> statement-breakpoint
CREATE TABLE "state"."sync_schedule" (
	"organization_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"run_id" uuid,
	"lease_until" timestamp with time zone,
	CONSTRAINT "sync_schedule_organization_id_connection_id_pk" PRIMARY KEY("organization_id","connection_id")
);
--> statement-breakpoint
CREATE TABLE "state"."verdict" (
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
ALTER TABLE "accounts"."credentials" ADD CONSTRAINT "credentials_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "accounts"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accounts"."sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "accounts"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger"."events" ADD CONSTRAINT "events_stream" FOREIGN KEY ("organization_id","stream_id") REFERENCES "ledger"."streams"("organization_id","stream_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger"."evidence" ADD CONSTRAINT "evidence_event" FOREIGN KEY ("organization_id","position") REFERENCES "ledger"."events"("organization_id","position") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger"."evidence_delta" ADD CONSTRAINT "evidence_delta_evidence" FOREIGN KEY ("organization_id","evidence_id") REFERENCES "ledger"."evidence"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger"."evidence_delta" ADD CONSTRAINT "evidence_delta_item" FOREIGN KEY ("organization_id","item_hash") REFERENCES "ledger"."item"("organization_id","hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger"."item" ADD CONSTRAINT "item_head" FOREIGN KEY ("organization_id") REFERENCES "ledger"."head"("organization_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger"."item_body" ADD CONSTRAINT "item_body_item" FOREIGN KEY ("organization_id","hash") REFERENCES "ledger"."item"("organization_id","hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger"."item_body" ADD CONSTRAINT "item_body_purged" FOREIGN KEY ("organization_id","hash","purged_at_position") REFERENCES "ledger"."purged_item"("organization_id","hash","position") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger"."purged_item" ADD CONSTRAINT "purged_item_item" FOREIGN KEY ("organization_id","hash") REFERENCES "ledger"."item"("organization_id","hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger"."purged_item" ADD CONSTRAINT "purged_item_event" FOREIGN KEY ("organization_id","position","event_type") REFERENCES "ledger"."events"("organization_id","position","event_type") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger"."sealed_stream" ADD CONSTRAINT "sealed_stream_stream" FOREIGN KEY ("organization_id","stream_id") REFERENCES "ledger"."streams"("organization_id","stream_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger"."streams" ADD CONSTRAINT "streams_head" FOREIGN KEY ("organization_id") REFERENCES "ledger"."head"("organization_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "state"."staged_item" ADD CONSTRAINT "staged_item_run" FOREIGN KEY ("organization_id","run_id") REFERENCES "state"."run"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "events_recorded_at" ON "ledger"."events" USING btree ("organization_id","recorded_at","position");--> statement-breakpoint
CREATE INDEX "events_type" ON "ledger"."events" USING btree ("organization_id","event_type","position");--> statement-breakpoint
CREATE INDEX "evidence_kind" ON "ledger"."evidence" USING btree ("organization_id","kind","position");--> statement-breakpoint
CREATE INDEX "evidence_source" ON "ledger"."evidence" USING btree ("organization_id","source_id","kind","position");--> statement-breakpoint
CREATE INDEX "connection_range" ON "state"."connection" USING btree ("organization_id","from_position","to_position");--> statement-breakpoint
CREATE INDEX "connection_source" ON "state"."connection" USING btree ("organization_id","source_id","from_position");--> statement-breakpoint
CREATE INDEX "kind_status_at" ON "state"."kind_status" USING btree ("organization_id","at");--> statement-breakpoint
CREATE INDEX "kind_status_range" ON "state"."kind_status" USING btree ("organization_id","to_position");--> statement-breakpoint
CREATE INDEX "member_range" ON "state"."member" USING btree ("organization_id","from_position","to_position");--> statement-breakpoint
CREATE INDEX "membership_label" ON "state"."membership" USING btree ("organization_id","kind","label");--> statement-breakpoint
CREATE INDEX "membership_login" ON "state"."membership" USING btree ("organization_id","kind",(case when "login" is null then '' else "login" end));--> statement-breakpoint
CREATE INDEX "membership_open" ON "state"."membership" USING btree ("organization_id","source_id","kind","to_position","subject_key");--> statement-breakpoint
CREATE INDEX "run_connection" ON "state"."run" USING btree ("organization_id","connection_id","started_position");--> statement-breakpoint
CREATE INDEX "verdict_range" ON "state"."verdict" USING btree ("organization_id","from_position","to_position");