-- No row of these is written again: those that are there become false, and 0037 looks for guests among them. A build that does
-- not know the column leaves it empty. A rebuild that is under way copied nothing yet: its rows stay empty.
ALTER TABLE "state"."membership" ADD COLUMN "is_listed_guest" boolean DEFAULT false;--> statement-breakpoint
ALTER TABLE "state"."membership" ALTER COLUMN "is_listed_guest" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "rebuild"."membership" ADD COLUMN "is_listed_guest" boolean;--> statement-breakpoint
CREATE INDEX "membership_guest" ON "state"."membership" USING btree ("organization_id","source_id","to_position","subject_key") WHERE "state"."membership"."is_listed_guest" is not false;--> statement-breakpoint
CREATE INDEX "membership_guest" ON "rebuild"."membership" USING btree ("organization_id","source_id","to_position","subject_key") WHERE "rebuild"."membership"."is_listed_guest" is not false;
