import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { startEmbedded } from '../../db/embedded.ts'
import { claimFolder, FolderTaken } from '../../sandbox/only-one.ts'

// A blank in the path, as a home folder may have one.
const parent = await mkdtemp(join(tmpdir(), 'attestry left over '))
// Under root the server runs as another user, who must be able to enter.
await chmod(parent, 0o755)
const children = new Set<ChildProcess>()
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await rm(parent, { recursive: true, force: true })
})

/** Starts a program and waits until it says a word. */
async function startedUntil(word: string, program: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  for await (const line of createInterface(child.stdout)) if (line === word) break
  return {
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

test('a server whose starter was killed is ended by the next start, which goes on with its data', async () => {
  const directory = join(parent, 'postgres')
  const starter = await startedUntil(
    'up',
    `import postgres from 'postgres'
     import { startEmbedded } from './db/embedded.ts'
     const server = await startEmbedded(${JSON.stringify(directory)})
     const sql = postgres(server.url('admin', 'postgres'), { max: 1 })
     await sql\`create table kept as select 'still there' as word\`
     console.log('up')`,
  )
  await starter.kill()
  const server = await startEmbedded(directory)
  const sql = postgres(server.url('admin', 'postgres'), { max: 1 })
  try {
    expect(await sql`select word from kept`).toMatchObject([{ word: 'still there' }])
  } finally {
    await sql.end()
    await server.stop()
  }
})

test('a folder belongs to one process as long as it lives', async () => {
  const holder = await startedUntil(
    'claimed',
    `import { claimFolder } from './sandbox/only-one.ts'
     await claimFolder(${JSON.stringify(parent)})
     console.log('claimed')
     setInterval(() => {}, 1000)`,
  )
  await expect(claimFolder(parent)).rejects.toThrow(FolderTaken)
  await holder.kill()
  await claimFolder(parent)
})
