import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

/** What only a source and its libraries are called; whole words, so that "paragraph" is none. */
const names = /\b(entra|microsoft|graph|aadsts\d*|msal|azure)\b/i

/** Where a source may be named all the same, and why there. */
const allowed: Readonly<Record<string, string>> = {
  'server/connectors/entra/': 'the connector, with the texts of its pages',
  'server/compose.ts': 'composition: which connectors this build has',
  'server/verifier/declarations.ts': 'composition of the verifier: which connectors it knows',
  'server/config.ts': 'composition: where a stand-in takes the place of the source',
  'server/environment.ts': 'composition: the same, as settings with their words',
  'server/domain/webhook/format.ts': 'a receiver of messages, as its makers call it',
  'server/webhooks/render-body.ts': 'the same, with the form in which it takes them',
  'app/components/webhooks/formats.ts': 'the same, in a form to choose from',
  'server/log.ts': 'the last net under logs knows what its credentials look like',
  'app/components/front/front-page.tsx': 'what the product says of itself to who has not signed in',
  'server/domain/account/class.ts': 'accounts that its synchronisation makes are known by their names',
  'server/domain/control/catalogue-version-1.ts': 'published rules, in words that never change',
  'server/domain/control/rules/policy-grant.ts':
    'conditional access is its own: what a policy means is its rule',
  'server/domain/control/rules/policy-judgement.ts': 'conditional access, as above',
  'server/domain/control/words-policies.ts': 'conditional access, as above, in words',
  'server/domain/evidence/policy-words.ts': 'conditional access, as above: what its ids and words mean',
}

const sources = globSync('{app,server,jobs,db}/**/*.{ts,tsx}').filter(
  file => !file.startsWith('db/migrations/'),
)
const isAllowed = (file: string) =>
  Object.keys(allowed).some(path => file === path || (path.endsWith('/') && file.startsWith(path)))

describe('no source is known by name', () => {
  test('outside its connector and the places that say why', () => {
    expect(sources.length).toBeGreaterThan(300)
    const leaks = sources
      .filter(file => !isAllowed(file))
      .flatMap(file =>
        readFileSync(file, 'utf8')
          .split('\n')
          .flatMap((line, index) => (names.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
      )
    expect(leaks).toEqual([])
  })

  test('in a place that is allowed to without need', () => {
    const unneeded = Object.keys(allowed).filter(
      path =>
        !sources.some(
          file =>
            (file === path || (path.endsWith('/') && file.startsWith(path))) &&
            names.test(readFileSync(file, 'utf8')),
        ),
    )
    expect(unneeded).toEqual([])
  })

  test('and a name would be found', () => {
    for (const line of [
      'from Entra',
      'Microsoft’s code',
      "'AADSTS50011'",
      'a Graph host',
      '@azure/msal-node',
    ]) {
      expect(names.test(line)).toBe(true)
    }
    for (const line of ['a paragraph', 'photographs', 'the centre', 'graphs of coverage']) {
      expect(names.test(line)).toBe(false)
    }
  })
})
