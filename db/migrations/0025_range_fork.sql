-- Ranges [from, to) laid into a binary tree over the positions: the fork of a range is the topmost node inside of it, and
-- every range that holds a position has its fork on that position's way to the root. So "what stood then" is some fifty
-- look-ups, however long the history (Kriegel, Pötke, Seidl: Managing Intervals Efficiently in Object-Relational
-- Databases, VLDB 2000). Positions count from 0, nodes from 1: node n stands for position n - 1.
create function state.range_fork(p_from bigint, p_to bigint) returns bigint
language sql immutable strict parallel safe
return (p_to >> (64 - position(B'1' in (p_from # p_to)::bit(64))))
  << (64 - position(B'1' in (p_from # p_to)::bit(64)));
--> statement-breakpoint
-- The nodes from a position up to the root. No ledger has 2^53 positions.
create function state.range_forks(p_position bigint) returns bigint[]
language sql immutable strict parallel safe
return array(
  select (((p_position + 1) >> height) | 1) << height from pg_catalog.generate_series(0, 52) as level(height));
--> statement-breakpoint
revoke all on function state.range_fork(bigint, bigint), state.range_forks(bigint) from public;
--> statement-breakpoint
grant execute on function state.range_fork(bigint, bigint), state.range_forks(bigint)
  to attestry_app, attestry_retention, attestry_backup;
