-- Opens an organization's ledger. Whether it is simulated is decided here and never changes.
create function ledger.open_organization(p_organization uuid, p_simulated boolean) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if coalesce(current_setting('app.organization_id', true), '') = '' then
    perform set_config('app.organization_id', p_organization::text, true);
  elsif current_setting('app.organization_id')::uuid <> p_organization then
    raise exception 'organization differs from the tenant setting' using errcode = '42501';
  end if;
  insert into ledger.head (organization_id, simulated) values (p_organization, p_simulated);
end $$;
--> statement-breakpoint
-- The only write path for events. One UPDATE of the head takes the row lock that orders the organization's appends,
-- its position and its time. The leaf is the canonical JSON envelope (RFC 8785: keys in code-unit order), its hash
-- SHA-256(0x00 || envelope) as in RFC 6962. p_expected: -1 any version, 0 a new stream, n exactly n.
create function ledger.append(p_organization uuid, p_stream uuid, p_stream_type text, p_expected bigint,
  p_event_ids uuid[], p_types text[], p_schemas int[], p_payloads text[], p_actor text, p_at timestamptz,
  out first_position bigint, out version bigint, out recorded_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  v_n int := cardinality(p_payloads);
  v_at timestamptz; v_cur bigint; v_size bigint; v_simulated boolean;
  v_set text := current_setting('app.organization_id', true);
  v_id uuid; v_type text; v_schema int; v_payload text;
begin
  if coalesce(v_set, '') = '' then perform set_config('app.organization_id', p_organization::text, true);
  elsif v_set::uuid <> p_organization then
    raise exception 'organization differs from the tenant setting' using errcode = '42501';
  end if;
  if v_n < 1 or v_n is distinct from cardinality(p_event_ids) or v_n is distinct from cardinality(p_types)
     or v_n is distinct from cardinality(p_schemas) then
    raise exception 'the arrays of an append must have one length of at least 1' using errcode = '22023';
  end if;
  if p_actor !~ '^[a-z]+:[A-Za-z0-9._-]+$' then
    raise exception 'an actor is kind:id' using errcode = '22023';
  end if;
  update ledger.head h
     set size = h.size + v_n,
         last_at = greatest(date_trunc('milliseconds', p_at), h.last_at + interval '1 ms') + (v_n - 1) * interval '1 ms'
   where h.organization_id = p_organization
   returning h.size - v_n, h.last_at - (v_n - 1) * interval '1 ms', h.simulated into v_size, v_at, v_simulated;
  if not found then raise exception 'unknown organization' using errcode = '42501'; end if;
  if not v_simulated and abs(extract(epoch from p_at - clock_timestamp())) > 5 then
    raise exception 'the time given is more than 5 s off the server''s' using errcode = '22008';
  end if;
  if exists (select from ledger.sealed_stream z where z.organization_id = p_organization and z.stream_id = p_stream) then
    raise exception 'this stream is sealed' using errcode = '42501';
  end if;
  select e.stream_version into v_cur from ledger.events e
   where e.organization_id = p_organization and e.stream_id = p_stream
   order by e.stream_version desc limit 1;
  if v_cur is null then
    v_cur := 0;
    insert into ledger.streams (organization_id, stream_id, stream_type) values (p_organization, p_stream, p_stream_type);
  end if;
  if p_expected >= 0 and p_expected <> v_cur then
    raise exception 'wrong expected version: expected %, is %', p_expected, v_cur using errcode = '40001',
      detail = json_build_object('stream', p_stream, 'expected', p_expected, 'actual', v_cur)::text;
  end if;
  if v_n = 1 then
    v_id := p_event_ids[1]; v_type := p_types[1]; v_schema := p_schemas[1]; v_payload := p_payloads[1];
    insert into ledger.events (organization_id, position, stream_id, stream_version, event_id, event_type,
      schema_version, recorded_at, actor, payload, leaf_hash)
    values (p_organization, v_size, p_stream, v_cur + 1, v_id, v_type, v_schema, v_at, p_actor, v_payload,
      sha256('\x00'::bytea || convert_to('{"actor":' || to_json(p_actor)::text
        || ',"at":"' || to_char(v_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '","event":"' || v_id
        || '","org":"' || p_organization
        || '","payloadSha256":"' || encode(sha256(convert_to(v_payload, 'UTF8')), 'hex')
        || '","schema":' || v_schema || ',"seq":' || v_size || ',"stream":"' || p_stream
        || '","type":' || to_json(v_type)::text || ',"version":' || v_cur + 1 || '}', 'UTF8')));
  else
    insert into ledger.events (organization_id, position, stream_id, stream_version, event_id, event_type,
      schema_version, recorded_at, actor, payload, leaf_hash)
    select p_organization, v_size + o - 1, p_stream, v_cur + o, i, t, s, v_at + (o - 1) * interval '1 ms', p_actor, p,
      sha256('\x00'::bytea || convert_to('{"actor":' || to_json(p_actor)::text
        || ',"at":"' || to_char((v_at + (o - 1) * interval '1 ms') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        || '","event":"' || i || '","org":"' || p_organization
        || '","payloadSha256":"' || encode(sha256(convert_to(p, 'UTF8')), 'hex')
        || '","schema":' || s || ',"seq":' || v_size + o - 1 || ',"stream":"' || p_stream
        || '","type":' || to_json(t)::text || ',"version":' || v_cur + o || '}', 'UTF8'))
      from unnest(p_event_ids, p_types, p_schemas, p_payloads) with ordinality as u(i, t, s, p, o);
  end if;
  first_position := v_size; version := v_cur + v_n; recorded_at := v_at;
end $$;
--> statement-breakpoint
revoke all on function ledger.append(uuid, uuid, text, bigint, uuid[], text[], int[], text[], text, timestamptz) from public;
--> statement-breakpoint
grant execute on function ledger.append(uuid, uuid, text, bigint, uuid[], text[], int[], text[], text, timestamptz)
  to attestry_app, attestry_retention;
--> statement-breakpoint
revoke all on function ledger.open_organization(uuid, boolean) from public;
--> statement-breakpoint
grant execute on function ledger.open_organization(uuid, boolean) to attestry_app;
