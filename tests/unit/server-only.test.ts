import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadersOnly } from '../../vite/loaders-only.ts'
import { serverOnlyFolders } from '../../vite/server-only.ts'

let root = ''

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attestry-guard-'))
  await mkdir(join(root, 'app'))
  await mkdir(join(root, 'server'))
  await writeFile(join(root, 'server/secret.ts'), 'export type Kind = "a"\nexport const secret = 1\n')
  await writeFile(
    join(root, 'app/leak.ts'),
    'import { secret } from "../server/secret.ts"\nconsole.log(secret)\n',
  )
  await writeFile(
    join(root, 'app/types.ts'),
    'import type { Kind } from "../server/secret.ts"\nexport const kind: Kind = "a"\n',
  )
  // No such package is there to be read.
  const answer = 'import { answer } from "for-loaders"\n'
  await writeFile(join(root, 'app/route.ts'), `${answer}const loader = () => answer()\nconsole.log("page")\n`)
  await writeFile(join(root, 'app/page.ts'), `${answer}console.log(answer())\n`)
})
afterAll(() => rm(root, { recursive: true, force: true }))

const bundle = (entry: string) =>
  build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [serverOnlyFolders(['server'], root), loadersOnly(['for-loaders'])],
    build: { write: false, rollupOptions: { input: join(root, entry) } },
  })

describe('the guard of the build', () => {
  test('fails where something of the server would reach the browser', async () => {
    await expect(bundle('app/leak.ts')).rejects.toThrow(/server-only/)
  })

  test('lets types through: they are gone before anything is bundled', async () => {
    await expect(bundle('app/types.ts')).resolves.toBeDefined()
  })

  test('reads no package of loaders for the browser', async () => {
    await expect(bundle('app/route.ts')).resolves.toBeDefined()
  })

  test('fails where a page would use one', async () => {
    await expect(bundle('app/page.ts')).rejects.toThrow(/for-loaders in the browser/)
  })
})
