ALTER TABLE "state"."export_archive" ADD COLUMN "assessment_id" uuid;--> statement-breakpoint
ALTER TABLE "state"."export_archive" ADD COLUMN "assessment_position" bigint;