-- One event comes as plain values: lists of one take a fifth of the time of such an append to be made and taken apart. What
-- an append does and refuses is the same for one and for many.
create function ledger.append(p_organization uuid, p_stream uuid, p_stream_type text, p_expected bigint,
  p_event_id uuid, p_type text, p_schema int, p_payload text, p_actor text, p_at timestamptz,
  out first_position bigint, out version bigint, out recorded_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  v_tenant text := coalesce(nullif(current_setting('app.organization_id', true), ''),
    set_config('app.organization_id', p_organization::text, true));
  v_is_timely boolean; v_current bigint; v_is_sealed boolean;
begin
  if v_tenant::uuid <> p_organization or p_actor !~ '^[a-z]+:[A-Za-z0-9._-]+$' then
    if v_tenant::uuid <> p_organization then
      raise exception 'organization differs from the tenant setting' using errcode = '42501';
    end if;
    raise exception 'an actor is kind:id' using errcode = '22023';
  end if;
  -- Takes the row lock that orders the organization's appends, its positions and its time.
  update ledger.head h
     set size = h.size + 1,
         last_at = greatest(date_trunc('milliseconds', p_at), h.last_at + interval '1 ms')
   where h.organization_id = p_organization
   returning h.size - 1, h.last_at,
     h.simulated or p_at between clock_timestamp() - interval '5 s' and clock_timestamp() + interval '5 s'
   into first_position, recorded_at, v_is_timely;
  if v_is_timely is not true then
    if not found then raise exception 'unknown organization' using errcode = '42501'; end if;
    raise exception 'the time given is more than 5 s off the server''s' using errcode = '22008';
  end if;
  -- A statement of its own, after the lock: its snapshot has what the append before committed.
  select (select e.stream_version from ledger.events e
           where e.organization_id = p_organization and e.stream_id = p_stream
           order by e.stream_version desc limit 1),
         exists (select from ledger.sealed_stream z
                  where z.organization_id = p_organization and z.stream_id = p_stream)
    into v_current, v_is_sealed;
  if v_is_sealed or v_current is distinct from p_expected then
    if v_is_sealed then raise exception 'this stream is sealed' using errcode = '42501'; end if;
    if v_current is null then
      v_current := 0;
      insert into ledger.streams (organization_id, stream_id, stream_type)
      values (p_organization, p_stream, p_stream_type);
    end if;
    if p_expected >= 0 and p_expected <> v_current then
      raise exception 'wrong expected version: expected %, is %', p_expected, v_current using errcode = '40001',
        detail = json_build_object('stream', p_stream, 'expected', p_expected, 'actual', v_current)::text;
    end if;
  end if;
  version := v_current + 1;
  insert into ledger.events (organization_id, position, stream_id, stream_version, event_id, event_type,
    schema_version, recorded_at, actor, payload, leaf_hash)
  values (p_organization, first_position, p_stream, version, p_event_id, p_type, p_schema, recorded_at,
    p_actor, p_payload,
    sha256('\x00'::bytea || convert_to(format(
      '{"actor":%s,"at":"%s","event":"%s","org":"%s","payloadSha256":"%s","schema":%s,"seq":%s,"stream":"%s","type":%s,"version":%s}',
      to_json(p_actor), to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), p_event_id,
      p_organization, encode(sha256(convert_to(p_payload, 'UTF8')), 'hex'), p_schema, first_position,
      p_stream, to_json(p_type), version), 'UTF8')));
end $$;
--> statement-breakpoint
revoke all on function ledger.append(uuid, uuid, text, bigint, uuid, text, int, text, text, timestamptz) from public;
--> statement-breakpoint
grant execute on function ledger.append(uuid, uuid, text, bigint, uuid, text, int, text, text, timestamptz) to attestry_app, attestry_retention;
--> statement-breakpoint
create or replace function ledger.append(p_organization uuid, p_stream uuid, p_stream_type text, p_expected bigint,
  p_event_ids uuid[], p_types text[], p_schemas int[], p_payloads text[], p_actor text, p_at timestamptz,
  out first_position bigint, out version bigint, out recorded_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  v_tenant text := coalesce(nullif(current_setting('app.organization_id', true), ''),
    set_config('app.organization_id', p_organization::text, true));
  v_n int := cardinality(p_payloads);
  v_is_timely boolean; v_current bigint; v_is_sealed boolean;
begin
  if v_tenant::uuid <> p_organization or v_n < 1 or v_n is distinct from cardinality(p_event_ids)
     or v_n is distinct from cardinality(p_types) or v_n is distinct from cardinality(p_schemas)
     or p_actor !~ '^[a-z]+:[A-Za-z0-9._-]+$' then
    if v_tenant::uuid <> p_organization then
      raise exception 'organization differs from the tenant setting' using errcode = '42501';
    elsif p_actor !~ '^[a-z]+:[A-Za-z0-9._-]+$' then
      raise exception 'an actor is kind:id' using errcode = '22023';
    end if;
    raise exception 'the arrays of an append must have one length of at least 1' using errcode = '22023';
  end if;
  -- Takes the row lock that orders the organization's appends, its positions and its time.
  update ledger.head h
     set size = h.size + v_n,
         last_at = greatest(date_trunc('milliseconds', p_at), h.last_at + interval '1 ms') + (v_n - 1) * interval '1 ms'
   where h.organization_id = p_organization
   returning h.size - v_n, h.last_at - (v_n - 1) * interval '1 ms',
     h.simulated or p_at between clock_timestamp() - interval '5 s' and clock_timestamp() + interval '5 s'
   into first_position, recorded_at, v_is_timely;
  if v_is_timely is not true then
    if not found then raise exception 'unknown organization' using errcode = '42501'; end if;
    raise exception 'the time given is more than 5 s off the server''s' using errcode = '22008';
  end if;
  -- A statement of its own, after the lock: its snapshot has what the append before committed.
  select (select e.stream_version from ledger.events e
           where e.organization_id = p_organization and e.stream_id = p_stream
           order by e.stream_version desc limit 1),
         exists (select from ledger.sealed_stream z
                  where z.organization_id = p_organization and z.stream_id = p_stream)
    into v_current, v_is_sealed;
  if v_is_sealed or v_current is distinct from p_expected then
    if v_is_sealed then raise exception 'this stream is sealed' using errcode = '42501'; end if;
    if v_current is null then
      v_current := 0;
      insert into ledger.streams (organization_id, stream_id, stream_type)
      values (p_organization, p_stream, p_stream_type);
    end if;
    if p_expected >= 0 and p_expected <> v_current then
      raise exception 'wrong expected version: expected %, is %', p_expected, v_current using errcode = '40001',
        detail = json_build_object('stream', p_stream, 'expected', p_expected, 'actual', v_current)::text;
    end if;
  end if;
  version := v_current + v_n;
  insert into ledger.events (organization_id, position, stream_id, stream_version, event_id, event_type,
    schema_version, recorded_at, actor, payload, leaf_hash)
  select p_organization, first_position + o - 1, p_stream, v_current + o, i, t, s,
    recorded_at + (o - 1) * interval '1 ms', p_actor, p,
    sha256('\x00'::bytea || convert_to(format(
      '{"actor":%s,"at":"%s","event":"%s","org":"%s","payloadSha256":"%s","schema":%s,"seq":%s,"stream":"%s","type":%s,"version":%s}',
      to_json(p_actor),
      to_char((recorded_at + (o - 1) * interval '1 ms') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), i,
      p_organization, encode(sha256(convert_to(p, 'UTF8')), 'hex'), s, first_position + o - 1,
      p_stream, to_json(t), v_current + o), 'UTF8'))
    from unnest(p_event_ids, p_types, p_schemas, p_payloads) with ordinality as u(i, t, s, p, o);
end $$;
