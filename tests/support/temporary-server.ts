import { rmSync } from 'node:fs'
import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedServer, startEmbedded } from '../../db/embedded.ts'
import { startInstalled } from './installed-server.ts'

/**
 * Starts a PostgreSQL in a folder of its own, which is gone when the server is stopped or the process ends.
 * @param options.throwaway trades safety for speed: nothing is forced to the disk
 * @param options.programs the folder of another PostgreSQL's programs than npm's; always throwaway
 */
export async function startTemporaryServer(
  name: string,
  { programs, ...options }: { throwaway: boolean; programs?: string },
): Promise<EmbeddedServer> {
  const directory = await mkdtemp(join(tmpdir(), `attestry-${name}-`))
  // Retried, since a server that is told to end may still write for a moment.
  const remove = () => rmSync(directory, { recursive: true, force: true, maxRetries: 10 })
  // Also where an error that nobody caught ends the process.
  process.once('exit', remove)
  // Under root the server runs as another user, who must be able to enter.
  await chmod(directory, 0o755)
  const server = programs
    ? await startInstalled(programs, directory)
    : await startEmbedded(directory, options)
  return {
    ...server,
    async stop() {
      await server.stop()
      remove()
      process.removeListener('exit', remove)
    },
  }
}
