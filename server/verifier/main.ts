import { runCommand } from './command.ts'

const { exitCode, text } = await runCommand(process.argv.slice(2))
process.stdout.write(text)
process.exitCode = exitCode
