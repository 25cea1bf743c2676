import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { MalformedNote } from '../ledger/malformed-note.ts'
import type { VerifierKey } from '../ledger/verifier-key.ts'
import { openFile } from './byte-source.ts'
import { NotCheckable } from './finding.ts'
import { parseKeys } from './keys.ts'
import { reportJson, reportText } from './print-report.ts'
import { readInput } from './read-input.ts'
import { exitCodeOf, type Report } from './report.ts'
import { type VerifyOptions, verifyArchive } from './verify-archive.ts'

const usage = `Usage: verify FILE [--key KEY]… [--checkpoint FILE]… [--at INSTANT]… [--json]

Holds an export to its signatures, and everything in it to each other, without a network.

  --key KEY          a verifier key of the log, or a file with keys, one a line: who signed is checked
                     against it. Without one only the key inside the archive can be used
  --checkpoint FILE  a checkpoint that you kept: the log must go on from it
  --at INSTANT       coverage at this instant, such as 2026-01-31T00:00:00Z
  --json             the report for programs

Exit code: 0 everything holds, 1 something does not, 2 something could not be checked.
`

export interface CommandResult {
  readonly exitCode: 0 | 1 | 2
  /** For standard output; null where nothing was verified. */
  readonly report: string | null
  /** For standard error: why nothing was verified. */
  readonly complaint: string | null
}

/** Runs the verifier’s command. */
export async function runCommand(args: readonly string[]): Promise<CommandResult> {
  try {
    const command = readCommand(args)
    if (!command) return { exitCode: 0, report: usage, complaint: null }
    const report = await verifyFile(command.file, command.options)
    const text = command.isJson ? reportJson(report) : reportText(command.file, report)
    return { exitCode: exitCodeOf(report), report: text, complaint: null }
  } catch (error) {
    if (!(error instanceof NotCheckable)) throw error
    return { exitCode: 2, report: null, complaint: `${error.message}\n` }
  }
}

async function verifyFile(file: string, options: VerifyOptions): Promise<Report> {
  const source = openFile(file)
  try {
    return await verifyArchive(source, options)
  } finally {
    source.close()
  }
}

/** Null where help is asked for. @throws {NotCheckable} for a wrong usage */
function readCommand(
  args: readonly string[],
): { file: string; options: VerifyOptions; isJson: boolean } | null {
  const { values, positionals } = parse(args)
  if (values.help) return null
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new NotCheckable(`One archive is to be named.\n\n${usage}`)
  return {
    file,
    isJson: values.json === true,
    options: {
      keys: (values.key ?? []).flatMap(readKeys),
      checkpoints: (values.checkpoint ?? []).map(name => ({ name, note: readInput(name) })),
      instants: (values.at ?? []).map(readInstant),
    },
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        key: { type: 'string', multiple: true },
        checkpoint: { type: 'string', multiple: true },
        at: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new NotCheckable(`${error instanceof Error ? error.message : error}\n\n${usage}`)
  }
}

/** A key, or a file of keys. */
function readKeys(value: string): VerifierKey[] {
  const text = existsSync(value) ? readInput(value).toString('utf8') : value
  try {
    const keys = parseKeys(text)
    if (keys.length > 0) return keys
  } catch (error) {
    if (!(error instanceof MalformedNote)) throw error
    throw new NotCheckable(`--key ${value} is neither a verifier key nor a file of keys. ${error.message}`)
  }
  throw new NotCheckable(`--key ${value} holds no key.`)
}

/** With its zone, so that it means the same to everybody. */
function readInstant(value: string): number {
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(value)
  const instant = isInstant ? Date.parse(value) : Number.NaN
  if (Number.isNaN(instant)) {
    throw new NotCheckable(`--at ${value} is no instant. One is written like 2026-01-31T00:00:00Z.`)
  }
  return instant
}
