import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { newestCheckpoint } from '../../server/ledger/checkpoints.ts'
import { sealNow } from '../../server/ledger/seal-log.ts'
import { AlteredArchive, newSigner } from '../support/altered-archive.ts'
import { makeArchive } from '../support/archive.ts'
import { type Scene, seedSecondOrganization, seedSyncedOrganization, syncNow } from '../support/seed.ts'
import { buildVerifier, type Ended, emptyFolder, runToEnd } from '../support/verifier-bundle.ts'

/*
 * The verifier as somebody types it: what it says to which arguments and files, and with which exit code. 0 is said of
 * nothing but an archive that holds, and 1 of nothing but one that does not.
 */
const folder = emptyFolder()
const bundle = await buildVerifier(folder)
const scene = await seedSyncedOrganization({ size: 12 })
const other = await seedSecondOrganization(scene)

const saved = (name: string, content: Buffer | string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const keptOf = async ({ services, organizationId }: Pick<Scene, 'services' | 'organizationId'>) => {
  const found = await services.database.withOrganization(organizationId, transaction =>
    newestCheckpoint(transaction, organizationId),
  )
  return found?.note ?? ''
}

await sealNow(scene.services, scene.organizationId)
const older = saved('older.txt', await keptOf(scene))
scene.clock.jump(3_600_000)
await syncNow(scene, scene.connectionId)
const { archive } = await makeArchive(scene, { kind: 'organization' })
const { archive: foreignArchive } = await makeArchive(other, { kind: 'organization' })
scene.clock.jump(3_600_000)
await syncNow(scene, scene.connectionId)
await sealNow(scene.services, scene.organizationId)
const younger = saved('younger.txt', await keptOf(scene))
const foreign = saved('foreign.txt', await keptOf(other))

const file = saved('export.zip', archive.bytes)
const key = archive.text('keys.txt').trim()
const foreignKey = foreignArchive.text('keys.txt').trim()
const verifyFile = (...args: string[]): Promise<Ended> => runToEnd(process.execPath, [bundle, ...args])

describe('arguments', () => {
  test.each([
    ['no argument', [], /One archive is to be named\.[\s\S]*Usage:/],
    ['two archives', [file, file], /One archive is to be named/],
    ['an unknown option', [file, '--trust'], /'--trust'[\s\S]*Usage:/],
    ['an option without its value', [file, '--key'], /--key[\s\S]*Usage:/],
    ['a value for an option that takes none', [file, '--json=yes'], /--json[\s\S]*Usage:/],
    [
      'an instant that is none',
      [file, '--at', 'yesterday'],
      /--at yesterday is no instant.*2026-01-31T00:00:00Z/,
    ],
    ['an instant without its zone', [file, '--at', '2026-01-31T00:00:00'], /is no instant/],
    ['an instant that no calendar has', [file, '--at', '2026-13-31T00:00:00Z'], /is no instant/],
    ['a garbled key', [file, '--key', `${key}x`], /is neither a verifier key nor a file of keys/],
    [
      'a file of keys that is not there',
      [file, '--key', 'keys-that-are-not-there.txt'],
      /neither a verifier key/,
    ],
    ['an empty file of keys', [file, '--key', saved('none.txt', '\n')], /holds no key/],
    ['a folder of keys', [file, '--key', folder], /is a folder; a file is to be named/],
    [
      'a checkpoint that is not there',
      [file, '--checkpoint', 'gone.txt'],
      /gone\.txt cannot be read: there is no such file/,
    ],
    ['a folder for a checkpoint', [file, '--checkpoint', folder], /is a folder/],
    [
      'an archive for a checkpoint',
      [file, '--checkpoint', sparse('large.txt', 8_000_000)],
      /larger than any/,
    ],
  ] as [string, string[], RegExp][])(
    '%s is refused with what to do, and says nothing of the archive',
    async (_, args, words) => {
      const ended = await verifyFile(...args)
      expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(words) })
      expect(ended.stderr).not.toMatch(/\n\s+at /)
    },
  )

  test.each(['--help', '-h'])('%s says how it is used', async option => {
    expect(await verifyFile(option)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Usage: verify FILE[\s\S]*Exit code: 0 everything holds/),
      stderr: '',
    })
  })
})

describe('files', () => {
  test.each([
    ['that is not there', () => join(folder, 'gone.zip'), /gone\.zip cannot be read: there is no such file/],
    ['beneath a file', () => join(file, 'export.zip'), /cannot be read: there is no such file/],
    ['that is a folder', () => folder, /is a folder; the archive’s file is to be named/],
    ['that is a device', () => '/dev/null', /is not a file on a disk/],
  ])('one %s is named', async (_, path, words) => {
    expect(await verifyFile(path())).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(words),
    })
  })

  test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'one that this user may not read is named (skipped for root, who may read all)',
    async () => {
      const path = saved('locked.zip', archive.bytes)
      chmodSync(path, 0)
      expect(await verifyFile(path)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/locked\.zip cannot be read: this user is not allowed to/),
      })
    },
  )

  test.skipIf(process.platform === 'win32')('a pipe is refused rather than waited for', async () => {
    const path = join(folder, 'pipe')
    await promisify(execFile)('mkfifo', [path])
    expect(await verifyFile(path)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is not a file on a disk/),
    })
  })

  test.each([
    ['an empty file', Buffer.alloc(0), /too short to be an archive: download it again/],
    [
      'a text',
      Buffer.from('remember the milk\n'.repeat(20)),
      /cut off, or it is no export\. Download it again/,
    ],
    ['a truncated archive', archive.bytes.subarray(0, archive.bytes.length - 1000), /cut off/],
    ['half an archive', archive.bytes.subarray(0, archive.bytes.length / 2), /cut off/],
    ['an archive of something else', foreignZip(), /not of an export/],
  ])('%s is not checked, and called what it seems to be', async (name, content, words) => {
    const path = saved(`${name.replaceAll(' ', '-')}.zip`, content)
    const ended = await verifyFile(path)
    expect(ended).toMatchObject({ code: 2, stdout: expect.stringMatching(words), stderr: '' })
    expect(ended.stdout).toContain(
      'Not everything could be checked. The first thing that could not: Form of the archive.',
    )
  })

  test.each([
    ['nothing but a hole', null],
    ['a directory of its own size', 5_000_000_000],
  ])('a huge file that is %s is refused at once', async (_, directory) => {
    const ended = await verifyFile(sparse('huge.zip', 5_000_000_000 + 22, directory))
    expect(ended).toMatchObject({
      code: expect.any(Number),
      stdout: expect.stringMatching(/no export|does not fit|this is none/),
    })
    expect(ended.code).not.toBe(0)
  })

  test('a directory of three gigabytes is not read', async () => {
    const ended = await verifyFile(sparse('wide.zip', 3_000_000_022, 3_000_000_000))
    expect(ended).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/directory is larger than that of any export/),
    })
  })
})

describe('an archive', () => {
  test('that holds, to who knows the key', async () => {
    const ended = await verifyFile(file, '--key', key, '--checkpoint', older)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toMatch(/Everything holds, and it was signed by the key that you gave\.\n$/)
    expect(ended.stdout).toMatch(/the log goes on from what was signed at \d+ events/)
    expect(ended.stdout.match(/^holds {2,}/gm)).toHaveLength(13)
  })

  test('that holds, with keys from a file', async () => {
    const keys = saved('keys.txt', `${key}\n`)
    expect(await verifyFile(file, '--key', keys)).toMatchObject({ code: 0 })
  })

  test('that holds, to who knows no key: it says so', async () => {
    const ended = await verifyFile(file)
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.stdout).toMatch(/Who signed it was not checked: no key was given\.\n$/)
  })

  test('for programs, with coverage at an instant', async () => {
    const at = scene.clock.now().toISOString()
    const ended = await verifyFile(file, '--json', '--key', key, '--at', at)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    const report = JSON.parse(ended.stdout)
    expect(report).toMatchObject({ result: 'holds', origin: 'checked', signedBy: key, answers: [{ at }] })
    expect(report.steps.map(({ status }: { status: string }) => status)).toEqual(Array(13).fill('holds'))
  })

  test('that was altered, and for programs', async () => {
    const altered = new AlteredArchive(archive).editText('coverage.csv', csv =>
      csv.replace(/.\r\n$/, '9\r\n'),
    )
    const path = saved('altered.zip', altered.bytes())
    const ended = await verifyFile(path)
    expect(ended).toMatchObject({ code: 1, stderr: '' })
    expect(ended.stdout).toMatch(/DOES NOT HOLD {2}Files .*coverage\.csv/)
    expect(ended.stdout).toMatch(/The first thing that does not: Files\.\nKeep this file as it is/)
    const json = await verifyFile(path, '--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({ result: 'fails' })
  })

  test('that somebody else signed, to who knows the key', async () => {
    const signer = newSigner(String(archive.json('manifest.json').origin))
    const path = saved('forged.zip', new AlteredArchive(archive).sign(signer).bytes())
    expect(await verifyFile(path, '--key', key)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/which is not the key that was given/),
    })
  })

  test('to who was given another organization’s key', async () => {
    expect(await verifyFile(file, '--key', foreignKey)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/DOES NOT HOLD {2}Manifest .*which is not the key that was given/),
    })
  })

  test.each([
    [
      'of another organization',
      foreign,
      1,
      /DOES NOT HOLD {2}Earlier checkpoints {2}foreign.*(not the key|another log)/,
    ],
    ['that is younger', younger, 2, /not checked {4}Earlier checkpoints .*only a newer export/],
    [
      'that is garbled',
      saved('garbled.txt', 'remember the milk'),
      2,
      /not checked {4}Earlier checkpoints .*no checkpoint/,
    ],
    ['that is empty', saved('empty.txt', ''), 2, /not checked {4}Earlier checkpoints .*no checkpoint/],
  ])('and a kept checkpoint %s', async (_, checkpoint, code, words) => {
    const ended = await verifyFile(file, '--key', key, '--checkpoint', older, '--checkpoint', checkpoint)
    expect(ended).toMatchObject({ code, stderr: '' })
    expect(ended.stdout.replaceAll(`${folder}/`, '')).toMatch(words)
  })

  test('read by somebody who stops reading keeps its exit code, and says nothing of it', async () => {
    for (const [path, code] of [
      [file, 0],
      [saved('no-archive.zip', 'nothing'), 2],
    ] as const) {
      const child = spawn(process.execPath, [bundle, path, '--json'])
      child.stdout.destroy()
      let said = ''
      child.stderr.setEncoding('utf8').on('data', text => (said += text))
      expect(await once(child, 'close')).toEqual([code, null])
      expect(said).toBe('')
    }
  })

  test.skipIf(process.platform !== 'linux')('whose report finds no room is not checked', async () => {
    const full = openSync('/dev/full', 'w')
    const child = spawn(process.execPath, [bundle, file], { stdio: ['ignore', full, 'pipe'] })
    closeSync(full)
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', text => (said += text))
    expect(await once(child, 'close')).toEqual([2, null])
    expect(said).toMatch(/The report could not be written: .*no space/i)
  })
})

test('from the source it is the same command', async () => {
  const source = join(import.meta.dirname, '../../server/verifier/main.ts')
  const [bundled, fromSource] = await Promise.all([
    verifyFile(file, '--key', key),
    runToEnd(process.execPath, [source, file, '--key', key]),
  ])
  expect(fromSource).toEqual(bundled)
})

/** A file that takes no room however large it is. With `directory`, its end record claims one of that many bytes. */
function sparse(name: string, size: number, directory: number | null = null): string {
  const path = join(folder, name)
  const descriptor = openSync(path, 'w')
  ftruncateSync(descriptor, size)
  if (directory !== null) {
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt32LE(directory % 2 ** 32, 12)
    writeSync(descriptor, end, 0, end.length, size - end.length)
  }
  closeSync(descriptor)
  return path
}

/** A ZIP file as other programs write it: compressed, with a time and an extra field. */
function foreignZip(): Buffer {
  const name = Buffer.from('holiday/beach.txt')
  const content = deflateRawSync('sand '.repeat(100))
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(content.length, 18)
  local.writeUInt32LE(500, 22)
  local.writeUInt16LE(name.length, 26)
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt32LE(content.length, 20)
  central.writeUInt32LE(500, 24)
  central.writeUInt16LE(name.length, 28)
  central.writeUInt16LE(4, 30)
  const extra = Buffer.from([0x55, 0x54, 0, 0])
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length + name.length + extra.length, 12)
  end.writeUInt32LE(local.length + name.length + content.length, 16)
  return Buffer.concat([local, name, content, central, name, extra, end])
}
