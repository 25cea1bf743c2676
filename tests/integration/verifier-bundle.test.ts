import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { makeArchive } from '../support/archive.ts'
import { ownerCaller } from '../support/caller.ts'
import { seedSyncedOrganization } from '../support/seed.ts'
import { buildVerifier, emptyFolder, installedNode, runToEnd } from '../support/verifier-bundle.ts'

/*
 * The one file that every archive carries, as it is built: whoever doubts the archive reads it, or builds it, and runs it
 * on a machine with nothing but Node.
 */
const folder = emptyFolder()
const bundle = await buildVerifier(folder)
const text = readFileSync(bundle, 'utf8')
const scene = await seedSyncedOrganization({ size: 20 })
const shipping = { ...scene, services: { ...scene.services, verifierFile: bundle } }
const { archive, exportId } = await makeArchive(shipping, { kind: 'organization' })
const file = join(folder, 'export.zip')
writeFileSync(file, archive.bytes)

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

describe('the verifier as one file', () => {
  test('is built to the same bytes again', async () => {
    const again = await buildVerifier(emptyFolder())
    expect(sha256(readFileSync(again))).toBe(sha256(readFileSync(bundle)))
  })

  test('imports what Node has built in, and nothing else', () => {
    const imported = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
    expect(imported.length).toBeGreaterThan(0)
    const builtIn = new Set(builtinModules.map(name => `node:${name}`))
    expect(imported.filter(name => !builtIn.has(name))).toEqual([])
  })

  test('imports nothing that reaches a network or starts a program', () => {
    const imported = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
    const reaching =
      /^node:(net|tls|dgram|dns|http|https|http2|child_process|worker_threads|cluster|inspector)\b/
    expect(imported.filter(name => reaching.test(name))).toEqual([])
    expect(text).not.toMatch(/\b(fetch|WebSocket|EventSource|XMLHttpRequest)\s*\(/)
  })

  test('holds no path of the machine that built it', () => {
    expect(text).not.toContain(process.cwd())
  })

  test('lies in the archive byte for byte, under the hash that README and manifest name', () => {
    expect(archive.file('verify.mjs').equals(readFileSync(bundle))).toBe(true)
    const hash = sha256(readFileSync(bundle))
    expect(archive.json('manifest.json').files).toContainEqual({
      path: 'verify.mjs',
      sha256: hash,
      size: readFileSync(bundle).length,
    })
    expect(archive.text('README.txt')).toContain(`echo "${hash}  verify.mjs" | sha256sum --check`)
  })

  test('is told by its hash on the page of every export, and nothing is told where it was not built', async () => {
    const asked = { organization: scene.slug, exportId }
    const hash = sha256(readFileSync(bundle))
    expect(await ownerCaller(shipping).exports.get(asked)).toMatchObject({ verifierSha256: hash })
    const incomplete = { ...scene, services: { ...scene.services, verifierFile: '/nowhere/verify.mjs' } }
    expect(await ownerCaller(incomplete).exports.get(asked)).toMatchObject({ verifierSha256: null })
  })
})

/** Every way out of the process ends it. */
const noNetwork = `
import { syncBuiltinESMExports } from 'node:module'
import dgram from 'node:dgram'
import dns from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'
const refuse = name => () => { process.stderr.write('reached for ' + name + '\\n'); process.exit(9) }
for (const [name, module, ways] of [
  ['net', net, ['connect', 'createConnection', 'createServer']],
  ['tls', tls, ['connect', 'createServer']],
  ['dns', dns, ['lookup', 'resolve', 'resolve4', 'resolve6']],
  ['http', http, ['request', 'get', 'createServer']],
  ['https', https, ['request', 'get', 'createServer']],
  ['dgram', dgram, ['createSocket']],
]) for (const way of ways) module[way] = refuse(name + '.' + way)
net.Socket.prototype.connect = refuse('net.Socket.connect')
globalThis.fetch = refuse('fetch')
syncBuiltinESMExports()
`

const node = await installedNode()

describe('run where there is nothing but Node', () => {
  const preload = join(folder, 'no-network.mjs')
  writeFileSync(preload, noNetwork)
  const alone = emptyFolder()

  test('the guard against a network ends a program that reaches for one', async () => {
    const reaching = "import net from 'node:net'; net.connect(9, '127.0.0.1')"
    const ended = await runToEnd(process.execPath, [
      '--import',
      preload,
      '--input-type=module',
      '-e',
      reaching,
    ])
    expect(ended).toMatchObject({ code: 9, stderr: 'reached for net.connect\n' })
  })

  test('it verifies without a network', async () => {
    const ended = await runToEnd(process.execPath, ['--import', preload, bundle, file], { cwd: alone })
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Everything holds together.'),
      stderr: '',
    })
  })

  test.skipIf(node === null)('a Node that is installed on this machine, 20.15 or later', async () => {
    const ended = await runToEnd(node ?? '', ['--import', preload, bundle, file, '--json'], { cwd: alone })
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(ended.stdout)).toMatchObject({ result: 'holds', origin: 'not_checked' })
  })
})
