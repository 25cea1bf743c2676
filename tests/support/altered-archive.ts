import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { crc32, deflateRawSync, gunzipSync } from 'node:zlib'
import { linesPerFile, numberedPath } from '../../server/export/archive-file.ts'
import { type ArchiveEntry, centralDirectory, localHeader } from '../../server/export/archive-format.ts'
import { canonicalText, sha256, sha256Hex } from '../../server/ledger/canonical.ts'
import { formatCheckpoint, parseCheckpoint } from '../../server/ledger/checkpoint-text.ts'
import { envelopeText } from '../../server/ledger/envelope.ts'
import { leafHash, rootHash } from '../../server/ledger/merkle.ts'
import { formatNote, parseNote } from '../../server/ledger/signed-note.ts'
import { tilePath, tilesOf, tileWidth } from '../../server/ledger/tiles.ts'
import {
  formatVerifierKey,
  publicKeyOf,
  publicKeyPem,
  type VerifierKey,
  verifierKey,
} from '../../server/ledger/verifier-key.ts'
import { rowOf } from '../../server/verifier/layout.ts'
import type { Archive } from './archive.ts'

/** A key that signs notes. */
export interface Signer {
  key: VerifierKey
  privateKey: KeyObject
}

/** A key of the name, which is a log's origin: anybody can make one. */
export function newSigner(name: string): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const key = verifierKey({ name, algorithm: 'ed25519', publicKey: publicKeyOf('ed25519', spki) })
  return { key, privateKey }
}

export function signedNote(text: string, { key, privateKey }: Signer): string {
  const signature = sign(null, Buffer.from(text), privateKey)
  return formatNote({ text, signatures: [{ keyName: key.name, keyId: key.keyId, signature }] })
}

/** Any JSON object of an archive, to be altered. */
// biome-ignore lint/suspicious/noExplicitAny: what an alteration reaches for is known to the alteration alone
type Json = any

/** An archive in the hands of somebody who alters it, and tidies up behind it as far as they can. */
export class AlteredArchive {
  readonly files: Map<string, Buffer>

  constructor(archive: Archive) {
    this.files = new Map([...archive.files].map(([path, content]) => [path, Buffer.from(content)]))
  }

  text(path: string): string {
    return this.#content(path).toString('utf8')
  }

  setText(path: string, text: string): this {
    this.files.set(path, Buffer.from(text))
    return this
  }

  editText(path: string, edit: (text: string) => string): this {
    const before = this.text(path)
    const after = edit(before)
    if (after === before) throw new Error(`nothing was altered in ${path}`)
    return this.setText(path, after)
  }

  remove(path: string): this {
    if (!this.files.delete(path)) throw new Error(`there is no ${path}`)
    return this
  }

  /** The lines of a compressed file, or of all numbered files of a folder. */
  lines(path: string): string[] {
    const paths = path.endsWith('.gz')
      ? [path]
      : [...this.files.keys()].filter(name => name.startsWith(`${path}/`))
    return paths.sort().flatMap(name => {
      const text = gunzipSync(this.#content(name)).toString('utf8')
      return text === '' ? [] : text.replace(/\n$/, '').split('\n')
    })
  }

  setLines(path: string, lines: readonly string[]): this {
    const textOf = (part: readonly string[]) => part.map(line => `${line}\n`).join('')
    if (path.endsWith('.gz')) {
      this.files.set(path, gzipMember(textOf(lines)))
      return this
    }
    for (const name of [...this.files.keys()]) if (name.startsWith(`${path}/`)) this.files.delete(name)
    for (let number = 0; number * linesPerFile < lines.length; number++) {
      const part = lines.slice(number * linesPerFile, (number + 1) * linesPerFile)
      this.files.set(numberedPath(path, number), gzipMember(textOf(part)))
    }
    return this
  }

  editLines(path: string, edit: (lines: string[]) => string[]): this {
    const before = this.lines(path)
    const after = edit([...before])
    if (after.join('\n') === before.join('\n')) throw new Error(`nothing was altered in ${path}`)
    return this.setLines(path, after)
  }

  /** Alters the first line that is found, as the object it holds, and writes it canonically. */
  editRecord(path: string, find: (record: Json) => boolean, edit: (record: Json) => void): this {
    return this.editLines(path, lines => {
      const index = lines.findIndex(line => find(JSON.parse(line)))
      const record: Json = JSON.parse(lines[index] ?? 'null')
      if (record === null) throw new Error(`nothing of the sort is in ${path}`)
      edit(record)
      lines[index] = canonicalText(record)
      return lines
    })
  }

  get manifest(): Json {
    return JSON.parse(this.text('manifest.json'))
  }

  editManifest(edit: (manifest: Json) => void): this {
    const { manifest } = this
    edit(manifest)
    return this.setText('manifest.json', canonicalText(manifest))
  }

  /** The manifest names the files as they are now; who cannot sign leaves it at that. */
  relist(): this {
    const listed = this.#paths.filter(path => path !== 'manifest.json' && path !== 'manifest.note')
    return this.editManifest(manifest => {
      manifest.files = listed.map(path => {
        const content = this.#content(path)
        return { path, sha256: sha256Hex(content), size: content.length }
      })
    })
  }

  /** Signs everything with a key of one's own, as if it were the log's. */
  sign(signer: Signer): this {
    const { key } = signer
    for (const path of [...this.files.keys()]) if (path.startsWith('keys/')) this.files.delete(path)
    this.setText('keys.txt', `${formatVerifierKey(key)}\n`)
    this.setText(`keys/${key.keyId}.pem`, publicKeyPem(key) ?? '')
    this.setText('checkpoint', signedNote(parseNote(this.text('checkpoint')).text, signer))
    this.relist()
    return this.signManifest(signer)
  }

  /** Signs the manifest as it is. */
  signManifest(signer: Signer): this {
    const hash = sha256(this.text('manifest.json')).toString('base64')
    const text = `${signer.key.name}/export\n${hash}\n${this.manifest.checkpoint.size}\n`
    return this.setText('manifest.note', signedNote(text, signer))
  }

  /** Makes leaves, tiles and checkpoint follow the events as they are now, and signs everything with a key of one's own. */
  reseal(signer: Signer): this {
    const { manifest } = this
    const { size } = manifest.checkpoint
    const before: Buffer[] = []
    for (const tile of tilesOf(size)) {
      if (tile.level > 0) break
      before.push(...splitHashes(this.#content(tilePath(tile))))
    }
    const leaves = this.lines('events').map(line => leafOf(line, manifest.organization.id))
    const hashes = [
      ...before.slice(0, manifest.firstPosition),
      ...leaves.map(leaf => leafHash(Buffer.from(leaf))),
      ...before.slice(manifest.asOf.position + 1),
    ]
    this.setLines('leaves', leaves)
    if (this.files.has('assessment/events.jsonl.gz')) {
      const lines = this.lines('assessment/events.jsonl.gz')
      const own = lines.map(line => leafOf(line, manifest.organization.id))
      this.setLines('assessment/leaves.jsonl.gz', own)
      for (const [index, line] of lines.entries()) {
        hashes[Number(JSON.parse(line).sequence)] = leafHash(Buffer.from(own[index] ?? ''))
      }
    }
    this.#setTiles(hashes)
    const root = rootHash(hashes)
    const text = formatCheckpoint({
      ...parseCheckpoint(parseNote(this.text('checkpoint')).text),
      size: hashes.length,
      root,
    })
    this.setText('checkpoint', signedNote(text, signer))
    this.editManifest(altered => {
      altered.checkpoint = { root: root.toString('hex'), size: hashes.length }
      altered.asOf.position = altered.firstPosition + leaves.length - 1
    })
    return this.sign(signer)
  }

  /** The archive in its canonical container. */
  bytes(): Buffer {
    return zip(this.#paths.map(path => [path, this.#content(path)]))
  }

  get #paths(): string[] {
    return [...this.files.keys()].sort((one, other) => rowOf(one) - rowOf(other) || (one < other ? -1 : 1))
  }

  #content(path: string): Buffer {
    const content = this.files.get(path)
    if (!content) throw new Error(`the archive has no ${path}`)
    return content
  }

  #setTiles(leafHashes: readonly Buffer[]): void {
    for (const path of [...this.files.keys()]) if (path.startsWith('tile/')) this.files.delete(path)
    let level: readonly Buffer[] = leafHashes
    const levels: (readonly Buffer[])[] = []
    while (level.length > 0) {
      levels.push(level)
      const below = level
      level = Array.from({ length: Math.floor(below.length / tileWidth) }, (_, index) =>
        rootHash(below.slice(index * tileWidth, (index + 1) * tileWidth)),
      )
    }
    for (const tile of tilesOf(leafHashes.length)) {
      const from = tile.index * tileWidth
      const hashes = (levels[tile.level] ?? []).slice(from, from + tile.width)
      this.files.set(tilePath(tile), Buffer.concat(hashes))
    }
  }
}

/** The payload's text in an event's line, byte for byte. */
export function payloadOf(line: string): string {
  const from = line.indexOf(',"data":') + ',"data":'.length
  return line.slice(from, line.lastIndexOf(',"datacontenttype":'))
}

/** The leaf that an event's line leads to. */
export function leafOf(line: string, organizationId: string): string {
  const event: Json = JSON.parse(line)
  return envelopeText({
    actor: event.actor,
    recordedAt: new Date(event.time),
    eventId: event.id,
    organizationId,
    payloadSha256: sha256Hex(payloadOf(line)),
    schemaVersion: event.schemaversion,
    position: Number(event.sequence),
    streamId: event.subject,
    type: event.type,
    streamVersion: event.streamversion,
  })
}

/** One gzip member of the archive's form. */
export function gzipMember(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text)
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc32(bytes), 0)
  trailer.writeUInt32LE(bytes.length, 4)
  return Buffer.concat([Buffer.from('1f8b08000000000000ff', 'hex'), deflateRawSync(bytes), trailer])
}

/** The canonical container of names and contents, in the order in which they are given. */
export function zip(files: readonly (readonly [string, Buffer])[]): Buffer {
  const entries: ArchiveEntry[] = []
  const pieces: Buffer[] = []
  let offset = 0
  for (const [path, content] of files) {
    const entry = { path, size: content.length, crc32: crc32(content), offset }
    const header = localHeader(entry)
    entries.push(entry)
    pieces.push(header, content)
    offset += header.length + content.length
  }
  return Buffer.concat([...pieces, centralDirectory(entries)])
}

const splitHashes = (bytes: Buffer): Buffer[] =>
  Array.from({ length: bytes.length / 32 }, (_, index) => bytes.subarray(index * 32, (index + 1) * 32))
