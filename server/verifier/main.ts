import { type CommandResult, runCommand } from './command.ts'

// Who stops reading, as `| head` does, has seen enough: the exit code stands all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') fail(error)
})

const { exitCode, report, complaint } = await runCommand(process.argv.slice(2)).catch(unforeseen)
process.exitCode = exitCode
if (report !== null) process.stdout.write(report)
if (complaint !== null) process.stderr.write(complaint)

/** What nobody foresaw says nothing of the archive, which exit code 1 would. */
function unforeseen(error: unknown): CommandResult {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const words = 'The verifier broke off, which says nothing of the archive. Try a newer one, or report this:'
  return { exitCode: 2, report: null, complaint: `${words}\n${why}\n` }
}

function fail(error: Error) {
  process.exitCode = 2
  process.stderr.write(`The report could not be written: ${error.message}\n`)
}
