import { Card } from '../ui/card.tsx'
import { CodeBlock } from '../ui/code.tsx'
import { Steps } from '../ui/steps.tsx'

/** What somebody does with an archive who does not want to trust whoever made it. */
export function HowToVerify({ sha256 }: { sha256: string | null }) {
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
                  One file for Node.js 20.15 or later, which opens no connection. Its SHA-256 in README.txt is
                  only as good as the archive: compare it with a build of your own from the product’s source,
                  or use that one.
                </p>
                <CodeBlock
                  label="commands that take the verifier out"
                  value={'unzip -p ARCHIVE.zip verify.mjs > verify.mjs\nsha256sum verify.mjs'}
                />
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
