import { expect, test } from 'vitest'
import { parseNote } from '../../server/ledger/signed-note.ts'
import { parseVerifierKey } from '../../server/ledger/verifier-key.ts'
import { type Alteration, describeAlterations, resignedBy, useBench } from '../support/alterations.ts'
import { AlteredArchive, newSigner, signedNote } from '../support/altered-archive.ts'
import { findingOf, verify } from '../support/verification.ts'

/*
 * An archive, altered in every way that came to mind: what the signatures bind, and the log that they are of. Whoever
 * alters it tidies up as far as they can.
 */
const bench = await useBench()
const { archive, foreign, signer } = bench
const resigned = resignedBy(signer)

test('as it was exported it holds, and so it does when nothing but the key is another', async () => {
  expect(findingOf(await verify(archive.bytes))).toMatchObject({ exitCode: 0, first: null })
  expect(new AlteredArchive(archive).bytes().equals(archive.bytes)).toBe(true)
  expect(findingOf(await verify(new AlteredArchive(archive).reseal(signer).bytes()))).toMatchObject({
    exitCode: 0,
  })
})

const ofSignedParts: Alteration[] = [
  [
    'a README that says something else',
    altered => altered.editText('README.txt', text => text.replace('verif', 'trust')),
    { step: 'files', words: /not the one whose hash/ },
  ],
  [
    'another verifier',
    altered => altered.setText('verify.mjs', 'console.log("Everything holds.")'),
    { step: 'files', words: /bytes, the manifest says/ },
  ],
  [
    'another summary',
    altered => altered.editText('summary.html', html => html.replace('<', '< ')),
    { step: 'files', words: /bytes, the manifest says/ },
  ],
  [
    'a file too few',
    altered => altered.remove('oscal/assessment-results.json'),
    { step: 'files', words: /names this file and it is not here/ },
  ],
  [
    'a file too many',
    altered => altered.setText('keys/00000000.pem', 'a key'),
    { step: 'files', words: /does not name this file/ },
  ],
  [
    'another CSV, with the manifest tidied up',
    altered =>
      altered
        .editText('coverage.csv', text => text.replace(/,0,6\r/, ',6,0\r').replace('Fail', 'Fall'))
        .relist(),
    { step: 'manifest', words: /not the one that was signed/ },
  ],
  [
    'an entry of the manifest removed',
    altered => altered.editManifest(manifest => manifest.files.pop()),
    { step: 'manifest', words: /not the one that was signed/ },
  ],
  [
    'another name in the manifest',
    altered =>
      altered.editManifest(manifest => {
        manifest.organization.name = 'Harbor Street'
      }),
    { step: 'manifest', words: /not the one that was signed/ },
  ],
  [
    'blanks in the manifest',
    altered => altered.editText('manifest.json', text => text.replace('{', '{ ')),
    { step: 'manifest', words: /not the one that was signed/ },
  ],
  [
    'a signature of another text',
    altered => altered.editText('manifest.note', note => note.replace(/\n[0-9]+\n\n/, '\n1\n\n')),
    { step: 'manifest', words: /does not belong to this text/ },
  ],
  [
    'the checkpoint for a note',
    altered => altered.setText('manifest.note', altered.text('checkpoint')),
    { step: 'manifest', words: /three lines|something else/ },
  ],
  [
    'the note of another organization',
    altered => altered.setText('manifest.note', foreign.text('manifest.note')),
    { step: 'manifest', words: /not the key that was given/ },
  ],
  [
    'a further signature under the manifest',
    altered =>
      altered.editText(
        'manifest.note',
        note => `${note}${signedNote('by the way\n', newSigner('passer.by')).split('\n').at(-2)}\n`,
      ),
    { step: 'manifest', words: /More than one key/ },
  ],
  ['no note', altered => altered.remove('manifest.note'), { step: 'manifest', words: /no such file/ }],
  [
    'keys of another organization',
    altered => altered.setText('keys.txt', foreign.text('keys.txt')),
    { step: 'manifest', words: /no such file|is not the key/ },
  ],
  [
    'a key that is none',
    altered => altered.setText('keys.txt', 'localhost+00000000+AAAA\n'),
    { step: 'manifest', words: /key/ },
  ],
  [
    'everything signed by another key, where the reader knows the right one',
    altered => altered.sign(signer),
    { step: 'manifest', words: /not the key that was given/ },
  ],
]

const keys = [parseVerifierKey(archive.text('keys.txt').trim())]
describeAlterations('what is signed, to a reader who knows the key', bench, ofSignedParts, { keys })

const tileOf = (altered: AlteredArchive) =>
  [...altered.files.keys()].find(path => path.startsWith('tile/0/')) ?? ''

const ofTheLog: Alteration[] = [
  [
    'a checkpoint of another size',
    resigned(altered =>
      altered.setText(
        'checkpoint',
        signedNote(parseNote(altered.text('checkpoint')).text.replace(/\n[0-9]+\n/, '\n999\n'), signer),
      ),
    ),
    { step: 'checkpoint', words: /another size or root/ },
  ],
  [
    'a forged checkpoint',
    altered => {
      altered.sign(signer)
      altered.editText('checkpoint', note => note.replace(/\n[0-9]+\n/, '\n999\n'))
      return altered.relist().signManifest(signer)
    },
    { step: 'checkpoint', words: /does not belong to this text/ },
  ],
  [
    'the checkpoint of another organization',
    altered => {
      altered.sign(signer)
      altered.setText('checkpoint', foreign.text('checkpoint'))
      return altered.relist().signManifest(signer)
    },
    { step: 'checkpoint', words: /not a key that the archive names/ },
  ],
  [
    'a checkpoint that does not say that time was played',
    resigned(altered =>
      altered.setText(
        'checkpoint',
        signedNote(parseNote(altered.text('checkpoint')).text.replace('simulated\n', ''), signer),
      ),
    ),
    { step: 'checkpoint', words: /whether the history is simulated/ },
  ],
  [
    'a manifest that does not say that time was played',
    resigned(altered =>
      altered.editManifest(manifest => {
        manifest.simulated = false
      }),
    ),
    { step: 'checkpoint', words: /whether the history is simulated/ },
  ],
  [
    'a log that has fewer events than are told',
    resigned(altered =>
      altered.editManifest(manifest => {
        manifest.asOf.position = manifest.checkpoint.size
      }),
    ),
    { step: 'checkpoint', words: /fewer than the archive claims/ },
  ],
  [
    'a hash of a tile altered',
    resigned(altered => altered.files.get(tileOf(altered))?.fill(1, 32, 40)),
    { step: 'tiles', words: /do not lead to the checkpoint’s root/ },
  ],
  [
    'two hashes of a tile swapped',
    resigned(altered => {
      const tile = altered.files.get(tileOf(altered)) ?? Buffer.alloc(0)
      tile.set(Buffer.concat([tile.subarray(32, 64), tile.subarray(0, 32)]))
    }),
    { step: 'tiles', words: /do not lead to the checkpoint’s root/ },
  ],
  [
    'the tile of another organization',
    resigned(altered => {
      const size = altered.manifest.checkpoint.size
      const other = foreign.file([...foreign.files.keys()].find(path => path.startsWith('tile/')) ?? '')
      altered.files.set(tileOf(altered), Buffer.concat([other, other, other]).subarray(0, size * 32))
    }),
    { step: 'tiles', words: /do not lead to the checkpoint’s root/ },
  ],
  [
    'a tile cut short',
    resigned(altered =>
      altered.files.set(
        tileOf(altered),
        (altered.files.get(tileOf(altered)) ?? Buffer.alloc(0)).subarray(32),
      ),
    ),
    { step: 'tiles', words: /has not [0-9]+ hashes/ },
  ],
  [
    'a tile too many',
    resigned(altered => altered.files.set('tile/1/000.p/1', Buffer.alloc(32))),
    { step: 'files', words: /of this scope and size has no such file/ },
  ],
]

describeAlterations('the log, to a reader who knows no key', bench, ofTheLog)
