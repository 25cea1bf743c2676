import { parseArgs } from 'node:util'

export interface DemoOptions {
  /** How many days are played into an organization of their own; 0 for none. */
  readonly historyDays: number
  /** Where the web process listens, if the port is free. */
  readonly port: number
  /** The folder that everything is kept in; null for the usual one. */
  readonly state: string | null
  /** Only to be told what can be said. */
  readonly help: boolean
}

const demoUsage = `Usage: npm start -- [options]

Starts the demo: its own PostgreSQL, stand-ins for Entra, AWS KMS and the mail server, web and worker.

  --history 30d    play so many days into an organization of their own
  --port N         where the pages are, 3000 unless it is taken
  --state FOLDER   where everything is kept, instead of .attestry
  --help           this`

/** @throws {RangeError} with words for whoever typed it, where the options say something else */
export function readDemoOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): DemoOptions {
  const { history, port = env.PORT ?? '3000', state = env.ATTESTRY_STATE ?? null, help } = parsed(args)
  return {
    historyDays:
      history === undefined ? 0 : within(400, history.replace(/d$/, ''), '--history', 'such as 30d'),
    port: within(65_535, port, '--port', 'such as 3000'),
    state,
    help,
  }
}

/** The same for a process: it ends here, told what can be said, where the options ask for that or cannot be read. */
export function demoOptionsOfProcess(): DemoOptions {
  try {
    const options = readDemoOptions(process.argv.slice(2), process.env)
    if (!options.help) return options
    console.log(demoUsage)
    return process.exit(0)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    console.error(error.message)
    return process.exit(2)
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        history: { type: 'string' },
        port: { type: 'string' },
        state: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    // Its first sentence says which option it is; what follows is about arguments that begin with a dash.
    const [words] = error instanceof TypeError ? error.message.split('. ') : []
    if (words === undefined) throw error
    throw new RangeError(`${words.replace(/\.$/, '')}.\n\n${demoUsage}`, { cause: error })
  }
}

function within(most: number, text: string, option: string, example: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > most) {
    throw new RangeError(`${option} takes a number from 1 to ${most}, ${example}.`)
  }
  return number
}
