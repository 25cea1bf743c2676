import { describe, expect, test } from 'vitest'
import { createEntraManifest } from '../../server/connectors/entra/manifest.ts'
import { absentKinds, offeredKinds } from '../../server/connectors/offered.ts'
import { evidenceKinds } from '../../server/domain/evidence/kinds.ts'

const manifest = createEntraManifest()

describe('what a source offers', () => {
  test.each(manifest.clouds.map(cloud => cloud.id))(
    'in %s and what it does not are all kinds, each once',
    cloud => {
      const offered = offeredKinds(manifest, cloud)
      const absent = absentKinds(manifest, cloud)
      expect([...offered, ...absent].sort()).toEqual([...evidenceKinds].sort())
    },
  )

  test('is everything but risky users in 21Vianet, and everything elsewhere', () => {
    const absent = Object.fromEntries(manifest.clouds.map(({ id }) => [id, absentKinds(manifest, id)]))
    expect(absent).toEqual({ global: [], 'usgov-l4': [], 'usgov-l5': [], china: ['risky_users'] })
  })

  test('is never what the connector does not read at all', () => {
    const reads = manifest.reads.filter(read => read.kind === 'user_inventory')
    expect(offeredKinds({ reads }, 'china')).toEqual(['user_inventory'])
    expect(absentKinds({ reads }, 'china')).toEqual(evidenceKinds.filter(kind => kind !== 'user_inventory'))
  })
})
