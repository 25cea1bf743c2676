/** Every row of the archive's table, in the order in which its files stand. */
const rows: readonly RegExp[] = [
  /^README\.txt$/,
  /^verify\.mjs$/,
  /^checkpoint$/,
  /^keys\.txt$/,
  /^keys\/[0-9a-f]{8}\.pem$/,
  /^events\/[0-9]{6}\.jsonl\.gz$/,
  /^leaves\/[0-9]{6}\.jsonl\.gz$/,
  /^opening\/(events|leaves)\.jsonl\.gz$/,
  /^opening\/populations\.jsonl\.gz$/,
  /^assessment\/(events|leaves)\.jsonl\.gz$/,
  /^assessment\/assessment\.json$/,
  /^tile\/[0-9]{1,2}\/(x[0-9]{3}\/)*[0-9]{3}(\.p\/[0-9]{1,3})?$/,
  /^evidence\/rows\.jsonl\.gz$/,
  /^evidence\/deltas\.jsonl\.gz$/,
  /^evidence\/items\/[0-9]{6}\.jsonl\.gz$/,
  /^evidence\/purged\.jsonl\.gz$/,
  /^populations\/[a-z_]+-[0-9a-f-]{36}\.csv$/,
  /^coverage\.csv$/,
  /^coverage\.json$/,
  /^exceptions\.jsonl$/,
  /^alerts\.jsonl$/,
  /^oscal\/assessment-results\.json$/,
  /^summary\.html$/,
  /^manifest\.json$/,
  /^manifest\.note$/,
]

/** Which row of the table a path belongs to; -1 for a path that the format does not know. */
export const rowOf = (path: string): number => rows.findIndex(row => row.test(path))

/** Whether one file stands before another in an archive: by row, then by name. Each name stands once. */
export function isBefore(one: string, other: string): boolean {
  const [first, second] = [rowOf(one), rowOf(other)]
  return first < second || (first === second && one < other)
}

/** Files that every archive has, besides those that its size and scope decide. */
export const alwaysThere: readonly string[] = [
  'README.txt',
  'verify.mjs',
  'checkpoint',
  'keys.txt',
  'evidence/rows.jsonl.gz',
  'evidence/deltas.jsonl.gz',
  'evidence/purged.jsonl.gz',
  'coverage.csv',
  'coverage.json',
  'exceptions.jsonl',
  'alerts.jsonl',
  'oscal/assessment-results.json',
  'summary.html',
]

/** Files that an archive of an assessment has, and no other. */
export const assessmentFiles: readonly string[] = [
  'assessment/events.jsonl.gz',
  'assessment/leaves.jsonl.gz',
  'assessment/assessment.json',
]

/** Files that an archive of a period has, and no other. */
export const openingFiles: readonly string[] = [
  'opening/events.jsonl.gz',
  'opening/leaves.jsonl.gz',
  'opening/populations.jsonl.gz',
]
