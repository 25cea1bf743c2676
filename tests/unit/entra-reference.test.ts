import { expect, test } from 'vitest'
import { z } from 'zod'
import { clouds } from '../../server/connectors/entra/clouds.ts'
import { createEntraManifest } from '../../server/connectors/entra/manifest.ts'
import { wordsForCode } from '../../server/connectors/entra/oauth/words.ts'
import { describeReference, readReference } from '../support/reference-data.ts'

const read = (name: string) => readReference(`graph/${name}`)

describeReference('against the published reference', 'graph', () => {
  test('every listed AADSTS code is explained', () => {
    const { codes } = z
      .object({ codes: z.array(z.object({ code: z.number() })) })
      .parse(read('aadsts-codes.json'))
    expect(codes.length).toBeGreaterThan(40)
    for (const { code } of codes) {
      const words = wordsForCode(String(code))
      expect(words, `AADSTS${code}`).not.toBeNull()
      expect(words?.remedy.length).toBeGreaterThan(0)
    }
  })

  test('our sentences are our own', () => {
    const { codes } = z
      .object({ codes: z.array(z.object({ code: z.number(), doc: z.string() })) })
      .parse(read('aadsts-codes.json'))
    for (const { code, doc } of codes) expect(wordsForCode(String(code))?.explanation).not.toContain(doc)
  })

  test('the hosts of every cloud are the documented ones', () => {
    const cloud = z.object({ id: z.string(), portal: z.string(), authority: z.string(), graph: z.string() })
    const published = z.object({ clouds: z.array(cloud) }).parse(read('clouds.json')).clouds
    expect(
      clouds.map(({ id, portal, loginOrigin, graphOrigin }) => ({
        id,
        portal,
        authority: loginOrigin,
        graph: graphOrigin,
      })),
    ).toEqual(published)
  })

  test('every read is opened by one of the scopes that it names, and names no other but for sign-in activity', () => {
    const permissions = z
      .object({ granted: z.record(z.string(), z.record(z.string(), z.string())) })
      .parse(read('delegated-permissions.json')).granted
    for (const { request, scopes } of createEntraManifest().reads) {
      const path = request.slice('GET '.length).split('?')[0]?.toLowerCase() ?? ''
      const opening = scopes.filter(scope =>
        Object.keys(permissions[scope] ?? {}).some(name => name.toLowerCase() === path),
      )
      expect(opening, `${scopes} for ${path}`).toHaveLength(1)
      // The only path that needs another one for what it selects.
      const others = request.includes('signInActivity') ? ['AuditLog.Read.All'] : []
      expect(scopes.filter(scope => !opening.includes(scope))).toEqual(others)
    }
  })
})
