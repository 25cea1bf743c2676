ALTER TABLE "ledger"."tile" ADD COLUMN "root" "bytea" NOT NULL;--> statement-breakpoint
CREATE INDEX "purged_item_by_event" ON "ledger"."purged_item" USING btree ("organization_id","position","hash");--> statement-breakpoint
ALTER TABLE "ledger"."tile" ADD CONSTRAINT "tile_root_length" CHECK (length("ledger"."tile"."root") = 32);
