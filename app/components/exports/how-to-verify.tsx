import { Card } from '../ui/card.tsx'
import { CodeBlock } from '../ui/code.tsx'
import { Steps } from '../ui/steps.tsx'

/** What somebody does with an archive who does not want to trust whoever made it. */
export function HowToVerify({ sha256, verifierSha256 }: HowToVerifyProps) {
  return (
    <Card id="verify" title="How to verify it">
      <Steps
        items={[
          {
            title: 'Compare the file with what this page says',
            children: (
              <CodeBlock
                label="command for the SHA-256"
                value={sha256 === null ? 'sha256sum ARCHIVE.zip' : `sha256sum ARCHIVE.zip\n${sha256}`}
              />
            ),
          },
          {
            title: 'Take the verifier out of it',
            children: (
              <>
                <p>
                  One file for Node.js 20.15 or later, which opens no connection.{' '}
                  {verifierSha256 === null
                    ? 'Its SHA-256 in README.txt is only as good as the archive'
                    : 'Below is the SHA-256 of the one that this server ships; it is only as good as the server, as the one in README.txt is only as good as the archive'}
                  : compare it with a build of your own from the product’s source, or use that one. An archive
                  of an earlier release carries that release’s.
                </p>
                <CodeBlock label="commands that take the verifier out" value={takeOut(verifierSha256)} />
              </>
            ),
          },
          {
            title: 'Run it, with the key that you noted and a checkpoint that you kept, if you have them',
            children: (
              <>
                <CodeBlock
                  label="command that verifies"
                  value={'node verify.mjs ARCHIVE.zip --key "KEY" --checkpoint FILE'}
                />
                <p>
                  The verifier key stands under Checkpoints. The program hashes everything again, holds the
                  log to its signed checkpoint and to yours, computes populations and coverage anew, and says
                  what holds, or the first thing that does not.
                </p>
              </>
            ),
          },
        ]}
      />
    </Card>
  )
}

export type HowToVerifyProps = { sha256: string | null; verifierSha256: string | null }

/** The second line says whether it is the verifier that this server ships. */
const takeOut = (sha256: string | null) =>
  [
    'unzip -p ARCHIVE.zip verify.mjs > verify.mjs',
    sha256 === null ? 'sha256sum verify.mjs' : `echo "${sha256}  verify.mjs" | sha256sum --check`,
  ].join('\n')
