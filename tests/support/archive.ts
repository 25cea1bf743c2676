import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { archiveBytes } from '../../server/export/archive-draft.ts'
import { type BuildResult, buildArchive } from '../../server/export/build-archive.ts'
import type { AskedScope } from '../../server/export/request-export.ts'
import { requestExport } from '../../server/export/request-export.ts'
import type { Access } from '../../server/members/resolve-access.ts'
import type { Scene } from './seed.ts'

type OfScene = Pick<Scene, 'services' | 'organizationId' | 'slug' | 'userId'>

/** The scene's owner as a use case knows who asks. */
export const ownerAccess = ({ organizationId, slug, userId }: OfScene): Access => ({
  organizationId,
  slug,
  name: 'Harbour Street',
  simulated: true,
  isSecondFactorRequired: false,
  deletesAt: null,
  userId,
  role: 'owner',
  grant: null,
})

/** Builds an export as the worker would. */
export const buildExport = (
  { services, organizationId }: OfScene,
  exportId: string,
  signal = new AbortController().signal,
): Promise<BuildResult> => buildArchive(services, { organizationId, exportId }, signal)

/** Asks for an archive and makes it. */
export async function makeArchive(
  scene: OfScene,
  asked: AskedScope,
): Promise<{ exportId: string; archive: Archive }> {
  const { exportId } = await requestExport(scene.services, ownerAccess(scene), asked)
  const result = await buildExport(scene, exportId)
  if (result !== 'ready') throw new Error(`the export ended ${result}`)
  return { exportId, archive: new Archive(await storedBytes(scene, exportId)) }
}

/** An archive's bytes as they are stored. */
export async function storedBytes({ services, organizationId }: OfScene, exportId: string): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of archiveBytes(services.database, { organizationId, exportId })) pieces.push(piece)
  return Buffer.concat(pieces)
}

const line = z.record(z.string(), z.unknown())
export type Line = z.infer<typeof line>

/** An archive as somebody reads it who knows ZIP and nothing of what wrote it. */
export class Archive {
  readonly bytes: Buffer
  /** In the archive's order. */
  readonly files: ReadonlyMap<string, Buffer>

  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.files = unzip(bytes)
  }

  get paths(): string[] {
    return [...this.files.keys()]
  }

  get sha256(): string {
    return createHash('sha256').update(this.bytes).digest('hex')
  }

  /** @throws {Error} for a file that is not there */
  file(path: string): Buffer {
    const content = this.files.get(path)
    if (!content) throw new Error(`the archive has no ${path}`)
    return content
  }

  text(path: string): string {
    return this.file(path).toString('utf8')
  }

  json(path: string): Line {
    return line.parse(JSON.parse(this.text(path)))
  }

  /** The lines of a compressed file as texts; of a folder, those of all its files. */
  lines(path: string): string[] {
    const paths = path.endsWith('.gz') ? [path] : this.paths.filter(name => name.startsWith(`${path}/`))
    return paths.flatMap(name => {
      const text = gunzipSync(this.file(name)).toString('utf8')
      return text === '' ? [] : text.replace(/\n$/, '').split('\n')
    })
  }

  records(path: string): Line[] {
    return this.lines(path).map(text => line.parse(JSON.parse(text)))
  }

  /** Everything that can be read in it, compressed files opened. */
  everything(): string {
    return this.paths
      .map(path => (path.endsWith('.gz') ? gunzipSync(this.file(path)) : this.file(path)).toString('latin1'))
      .join('\n')
  }
}

function unzip(bytes: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  const end = bytes.length - 22
  if (bytes.readUInt32LE(end) !== 0x06054b50) throw new Error('no end record at the very end')
  let at = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = bytes.readUInt16LE(at + 28)
    const path = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    const size = bytes.readUInt32LE(at + 24)
    const start = bytes.readUInt32LE(at + 42) + 30 + nameLength
    files.set(path, bytes.subarray(start, start + size))
    at += 46 + nameLength
  }
  return files
}
