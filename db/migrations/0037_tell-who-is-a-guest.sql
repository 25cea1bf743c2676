-- Of every organization at once: the owner reads past the policies for as long as this migration lasts.
alter table state.membership no force row level security;
--> statement-breakpoint
alter table ledger.item_body no force row level security;
--> statement-breakpoint
-- As isListedGuest in server/projections/membership-names.ts has it.
update state.membership m set is_listed_guest = true
  from ledger.item_body i
 where i.organization_id = m.organization_id and i.hash = m.item_hash and m.kind = 'user_inventory'
   and (lower(i.body::jsonb ->> 'userType') = 'guest' or lower(i.body::jsonb ->> 'userPrincipalName') like '%#ext#%'
     or i.body::jsonb ->> 'creationType' = 'Invitation' and i.body::jsonb ->> 'userType' is null)
   and i.body::jsonb ->> 'accountEnabled' is distinct from 'false';
--> statement-breakpoint
alter table state.membership force row level security;
--> statement-breakpoint
alter table ledger.item_body force row level security;
--> statement-breakpoint
-- A name that goes takes with it whether it was a guest's.
grant update (is_listed_guest) on state.membership, rebuild.membership to attestry_retention;
