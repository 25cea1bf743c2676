/**
 * `ledger.append` as Citus can run it. It refuses `insert … select unnest`, so that each event is an insert of its own,
 * and arithmetic on times with a zone in an UPDATE, which is done on UTC instead. A statement reads one table, since the
 * plan of one that reads two is not kept. Elements of arrays are copied into scalars: every parameter that a statement
 * names travels with it. What is appended and refused is the same as in the bodies of the migrations, which one
 * PostgreSQL runs faster; both pass the same suites.
 */
export interface AppendBody {
  /** As `regprocedure` prints it. */
  signature: string
  /** Between `$$` and `$$`. */
  body: string
  /** The whole statement. */
  definition: string
}

const begin = `
  if v_tenant::uuid <> p_organization then
    raise exception 'organization differs from the tenant setting' using errcode = '42501';
  end if;
  if p_actor !~ '^[a-z]+:[A-Za-z0-9._-]+$' then
    raise exception 'an actor is kind:id' using errcode = '22023';
  end if;`

const tenant = `
  v_tenant text := coalesce(nullif(current_setting('app.organization_id', true), ''),
    set_config('app.organization_id', p_organization::text, true));
  v_given timestamp := date_trunc('milliseconds', p_at at time zone 'UTC');
  v_last timestamptz; v_simulated boolean; v_current bigint;`

/**
 * Takes the row lock that orders the organization's appends, its positions and its time, then finds where the stream
 * stands, by statements of their own: their snapshots have what the append before committed.
 * @param count how many events come
 * @param span from the first one's time to the last one's
 */
const lock = (count: string, span: string) => `
  update ledger.head h
     set size = h.size + ${count},
         last_at = (greatest(v_given, h.last_at at time zone 'UTC' + interval '1 ms')${span}) at time zone 'UTC'
   where h.organization_id = p_organization
   returning h.size - ${count}, h.last_at, h.simulated into first_position, v_last, v_simulated;
  if not found then raise exception 'unknown organization' using errcode = '42501'; end if;
  if not v_simulated and p_at not between clock_timestamp() - interval '5 s' and clock_timestamp() + interval '5 s' then
    raise exception 'the time given is more than 5 s off the server''s' using errcode = '22008';
  end if;
  perform from ledger.sealed_stream z where z.organization_id = p_organization and z.stream_id = p_stream;
  if found then raise exception 'this stream is sealed' using errcode = '42501'; end if;
  select e.stream_version into v_current from ledger.events e
   where e.organization_id = p_organization and e.stream_id = p_stream
   order by e.stream_version desc limit 1;
  if v_current is null then
    v_current := 0;
    insert into ledger.streams (organization_id, stream_id, stream_type)
    values (p_organization, p_stream, p_stream_type);
  end if;
  if p_expected >= 0 and p_expected <> v_current then
    raise exception 'wrong expected version: expected %, is %', p_expected, v_current using errcode = '40001',
      detail = json_build_object('stream', p_stream, 'expected', p_expected, 'actual', v_current)::text;
  end if;`

/** The leaf is the hash of the canonical envelope, as in the migrations' bodies. */
const leafHash = (
  at: string,
  event: string,
  type: string,
  schema: string,
  payload: string,
  position: string,
) => `
    v_hash := sha256('\\x00'::bytea || convert_to(format(
      '{"actor":%s,"at":"%s","event":"%s","org":"%s","payloadSha256":"%s","schema":%s,"seq":%s,"stream":"%s","type":%s,"version":%s}',
      to_json(p_actor), to_char(${at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), ${event},
      p_organization, encode(sha256(convert_to(${payload}, 'UTF8')), 'hex'), ${schema}, ${position},
      p_stream, to_json(${type}), version), 'UTF8'));`

const insertEvent = (
  at: string,
  event: string,
  type: string,
  schema: string,
  payload: string,
  position: string,
) => `
    insert into ledger.events (organization_id, position, stream_id, stream_version, event_id, event_type,
      schema_version, recorded_at, actor, payload, leaf_hash)
    values (p_organization, ${position}, p_stream, version, ${event}, ${type}, ${schema}, ${at}, p_actor, ${payload}, v_hash);`

const one = `
#variable_conflict use_column
declare${tenant}
  v_hash bytea;
begin${begin}${lock('1', '')}
  recorded_at := v_last;
  version := v_current + 1;
${leafHash('recorded_at', 'p_event_id', 'p_type', 'p_schema', 'p_payload', 'first_position')}
${insertEvent('recorded_at', 'p_event_id', 'p_type', 'p_schema', 'p_payload', 'first_position')}
end `

const event = ['v_at', 'v_id', 'v_type', 'v_schema', 'v_payload', 'v_position'] as const

const many = `
#variable_conflict use_column
declare${tenant}
  v_n int := cardinality(p_payloads);
  v_span interval := (v_n - 1) * interval '1 ms';
  v_at timestamptz; v_id uuid; v_type text; v_schema int; v_payload text; v_position bigint; v_hash bytea;
begin${begin}
  if v_n < 1 or v_n is distinct from cardinality(p_event_ids) or v_n is distinct from cardinality(p_types)
     or v_n is distinct from cardinality(p_schemas) then
    raise exception 'the arrays of an append must have one length of at least 1' using errcode = '22023';
  end if;${lock('v_n', ' + v_span')}
  recorded_at := v_last - v_span;
  for o in 1..v_n loop
    v_id := p_event_ids[o]; v_type := p_types[o]; v_schema := p_schemas[o]; v_payload := p_payloads[o];
    v_position := first_position + o - 1; v_at := recorded_at + (o - 1) * interval '1 ms'; version := v_current + o;
${leafHash(...event)}
${insertEvent(...event)}
  end loop;
end `

const definitionOf = (types: string, body: string) => `
create or replace function ledger.append(p_organization uuid, p_stream uuid, p_stream_type text, p_expected bigint,
  ${types}, p_actor text, p_at timestamptz,
  out first_position bigint, out version bigint, out recorded_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$${body}$$`

const timestamps = 'text,timestamp with time zone'

/** One for a single event, one for a batch. */
export const appendBodies: readonly AppendBody[] = [
  {
    signature: `ledger.append(uuid,uuid,text,bigint,uuid,text,integer,text,${timestamps})`,
    body: one,
    definition: definitionOf('p_event_id uuid, p_type text, p_schema int, p_payload text', one),
  },
  {
    signature: `ledger.append(uuid,uuid,text,bigint,uuid[],text[],integer[],text[],${timestamps})`,
    body: many,
    definition: definitionOf('p_event_ids uuid[], p_types text[], p_schemas int[], p_payloads text[]', many),
  },
]
