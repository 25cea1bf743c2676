import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'

const claimSchema = z.object({ port: z.number(), id: z.string() })

/**
 * Claims a state folder for this process, as long as it lives. Held by an answer on loopback, not by a process number
 * in a file: those are used again after a restart of the machine.
 * @throws {FolderTaken} when a running process holds it
 */
export async function claimFolder(directory: string): Promise<void> {
  const file = join(directory, 'running.json')
  if (await isHeld(file))
    throw new FolderTaken(
      `Attestry runs from ${directory} already. Stop it first, or give another folder with --state.`,
    )
  const id = randomUUID()
  const server = createServer((_request, response) => response.end(id))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  server.unref()
  // A listening TCP server always has an address object.
  const { port } = server.address() as AddressInfo
  await writeFile(`${file}.new`, JSON.stringify({ port, id }), { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** Another process runs from the folder. */
export class FolderTaken extends Error {
  override readonly name = 'FolderTaken'
}

async function isHeld(file: string): Promise<boolean> {
  try {
    const { port, id } = claimSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    const answer = await fetch(`http://127.0.0.1:${port}`, { signal: AbortSignal.timeout(2_000) })
    return (await answer.text()) === id
  } catch {
    return false
  }
}
