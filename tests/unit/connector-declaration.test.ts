import { expect, test } from 'vitest'
import { entraDeclaration } from '../../server/connectors/entra/declaration.ts'
import { createEntraManifest } from '../../server/connectors/entra/manifest.ts'

test('what the rules take from the Entra connector is what its manifest says', () => {
  const { id, name, requiredScopes, reads } = createEntraManifest()
  const declared = reads.map(({ kind, absentIn }) => ({ kind, absentIn }))
  expect(entraDeclaration).toEqual({ id, name, requiredScopes, reads: declared })
})
