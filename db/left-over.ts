import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'

const patience = 20_000

/**
 * Stops a server that still runs on these data because the process that started it was killed. Whether it is ours is
 * asked of the server itself: process numbers are used again.
 * @throws {Error} when it does not end
 */
export async function stopLeftOver(dataDirectory: string, password: string): Promise<void> {
  const file = join(dataDirectory, 'postmaster.pid')
  const text = await readFile(file, 'utf8').catch(() => '')
  // Its lines: process, data directory, start, port.
  const [pid, , , port] = text.split('\n').map(Number)
  if (!pid || !port || !(await serves(dataDirectory, port, password))) return
  process.kill(pid, 'SIGINT')
  const deadline = Date.now() + patience
  while (existsSync(file)) {
    if (Date.now() > deadline)
      throw new Error(`the PostgreSQL left over from before (process ${pid}) does not end`)
    await delay(50)
  }
}

async function serves(dataDirectory: string, port: number, password: string): Promise<boolean> {
  const client = postgres({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password,
    database: 'postgres',
    max: 1,
    connect_timeout: 5,
    onnotice: () => undefined,
  })
  try {
    const [row] = await client`select current_setting('data_directory') as directory`
    return row?.directory === dataDirectory
  } catch {
    return false
  } finally {
    await client.end({ timeout: 1 })
  }
}
