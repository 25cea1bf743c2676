import { manifestNoteText, manifestText } from '../manifest.ts'
import type { Part } from '../part.ts'

/** Binds every file before it, under the signature of the log's key. */
export const manifestPart: Part = {
  name: 'manifest',
  async write({ scope, log, files, add }) {
    const manifest = manifestText(scope, log, [...files])
    await add({ path: 'manifest.json', content: manifest })
    await add({ path: 'manifest.note', content: await log.sign(manifestNoteText(manifest, log)) })
  },
}
