CREATE TABLE "state"."alert" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"cause" jsonb NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"caused_at" bigint NOT NULL,
	"raised_at" timestamp with time zone NOT NULL,
	"is_open" boolean NOT NULL,
	"reminders" integer NOT NULL,
	"reminded_at" timestamp with time zone,
	"acknowledged_at" timestamp with time zone,
	"acknowledged_by" uuid,
	"resolved_at" timestamp with time zone,
	"because" text,
	CONSTRAINT "alert_organization_id_id_from_position_pk" PRIMARY KEY("organization_id","id","from_position")
);
--> statement-breakpoint
CREATE TABLE "state"."alert_channel" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"user_id" uuid,
	"webhook_id" uuid,
	"causes" text[] NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"sent_position" bigint NOT NULL,
	"claimed_position" bigint,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone,
	CONSTRAINT "alert_channel_organization_id_id_pk" PRIMARY KEY("organization_id","id"),
	CONSTRAINT "alert_channel_user" UNIQUE("organization_id","user_id"),
	CONSTRAINT "alert_channel_webhook" UNIQUE("organization_id","webhook_id"),
	CONSTRAINT "alert_channel_one_target" CHECK (("state"."alert_channel"."user_id" is null) <> ("state"."alert_channel"."webhook_id" is null))
);
--> statement-breakpoint
CREATE TABLE "rebuild"."alert" (
	"organization_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"from_position" bigint NOT NULL,
	"to_position" bigint DEFAULT 9223372036854775807 NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"cause" jsonb NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"caused_at" bigint NOT NULL,
	"raised_at" timestamp with time zone NOT NULL,
	"is_open" boolean NOT NULL,
	"reminders" integer NOT NULL,
	"reminded_at" timestamp with time zone,
	"acknowledged_at" timestamp with time zone,
	"acknowledged_by" uuid,
	"resolved_at" timestamp with time zone,
	"because" text,
	CONSTRAINT "alert_organization_id_id_from_position_pk" PRIMARY KEY("organization_id","id","from_position")
);
--> statement-breakpoint
ALTER TABLE "state"."webhook" ADD COLUMN "format" text DEFAULT 'standard' NOT NULL;--> statement-breakpoint
ALTER TABLE "state"."alert_channel" ADD CONSTRAINT "alert_channel_target" FOREIGN KEY ("organization_id","webhook_id") REFERENCES "state"."webhook"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alert_range" ON "state"."alert" USING btree ("organization_id","from_position","to_position");--> statement-breakpoint
CREATE INDEX "alert_open" ON "state"."alert" USING btree ("organization_id","subject") WHERE "state"."alert"."is_open" and "state"."alert"."to_position" = 9223372036854775807;--> statement-breakpoint
CREATE INDEX "alert_range" ON "rebuild"."alert" USING btree ("organization_id","from_position","to_position");--> statement-breakpoint
CREATE INDEX "alert_open" ON "rebuild"."alert" USING btree ("organization_id","subject") WHERE "rebuild"."alert"."is_open" and "rebuild"."alert"."to_position" = 9223372036854775807;