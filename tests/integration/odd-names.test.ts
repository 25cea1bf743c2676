import { and, eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { membership } from '../../db/schema/state.ts'
import { isOpen } from '../../server/projections/range.ts'
import { connectedScene, syncNow, useScene } from '../support/seed.ts'

const scene = await useScene()
const connectionId = await connectedScene(scene)

test('names with a NUL or half a character are recorded with a mark in its place, and keep nobody else out', async () => {
  const tenant = scene.entra.tenant(scene.spec.tenantId)
  tenant.setUser(13, { displayName: 'Null\0Byte' })
  tenant.setUser(14, { displayName: 'Half \ud83d' })
  tenant.setUser(15, { displayName: 'Whole 😀' })
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
  const { organizationId, services } = scene
  const listed = await services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ label: membership.label })
      .from(membership)
      .where(and(isOpen(membership, organizationId), eq(membership.kind, 'user_inventory'))),
  )
  expect(listed).toHaveLength(scene.spec.size)
  expect(listed.map(({ label }) => label)).toEqual(
    expect.arrayContaining(['null\ufffdbyte', 'half \ufffd', 'whole 😀']),
  )
})
