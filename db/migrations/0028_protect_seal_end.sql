-- A seal may be given an end: once, no sooner than the least window of retention from that very moment, by the server's own
-- clock and whatever clock a caller is on. Once it has passed the body takes the mark of a purge, and not before. The guard
-- looks at its own row only, as before, so that all of it holds for superusers, in the replica role and on shards.
create or replace function ledger.body_guard() returns trigger language plpgsql set search_path = pg_catalog as $$
declare
  v_is_held boolean := old.sealed_by is not null and coalesce(old.sealed_until > clock_timestamp(), true);
begin
  if tg_op = 'DELETE' then
    if old.purged_at_position is not null and not v_is_held then return old; end if;
  elsif (new.organization_id, new.hash, new.body) = (old.organization_id, old.hash, old.body)
    and old.purged_at_position is null then
    if old.sealed_by is null then
      if new.sealed_until is null and (new.purged_at_position is null) <> (new.sealed_by is null) then return new; end if;
    elsif new.sealed_by = old.sealed_by then
      if new.purged_at_position is null and old.sealed_until is null
         and new.sealed_until >= clock_timestamp() + interval '1 year' then
        return new;
      end if;
      if new.purged_at_position is not null and not v_is_held and new.sealed_until = old.sealed_until then return new; end if;
    end if;
  end if;
  raise exception '% on %.% is forbidden', tg_op, tg_table_schema, tg_table_name using errcode = '42501';
end $$;
--> statement-breakpoint
grant update (sealed_until) on ledger.item_body to attestry_retention;
