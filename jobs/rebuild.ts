import { BootRefused } from '../server/boot-checks.ts'
import { composeServices } from '../server/compose.ts'
import { ConfigError, readConfig } from '../server/config.ts'
import { AppError } from '../server/errors.ts'
import { createLogger } from '../server/log.ts'
import { parseRebuildCommand, runRebuildCommand } from './rebuild-command.ts'

/** `npm run rebuild`: with the worker's settings, and the exit code 1 where something is not as it should be. */
const stopping = new AbortController()
const stopped = new Error('Stopped. What is replayed is kept: run it again to go on.')
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort(stopped))
try {
  const command = parseRebuildCommand(process.argv.slice(2))
  const config = readConfig(process.env)
  const { services, close } = await composeServices(config, createLogger('warn'))
  try {
    const isWell = await runRebuildCommand(services, command, { print: console.log, signal: stopping.signal })
    process.exitCode = isWell ? 0 : 1
  } finally {
    await close()
  }
} catch (error) {
  process.exitCode = 1
  const isExpected = error === stopped || error instanceof ConfigError || error instanceof BootRefused
  if (error instanceof AppError) console.error(error.userMessage)
  else if (isExpected && error instanceof Error) console.error(error.message)
  else throw error
}
