import { expect, test } from 'vitest'
import { approveAssessment } from '../../server/assessments/approve-assessment.ts'
import { controlPopulationFile } from '../../server/assessments/population-files.ts'
import { newId } from '../../server/ledger/ids.ts'
import { keptBySeals } from '../../server/retention/seal-end.ts'
import { assessedInventory } from '../bench/past/assessed-inventory.ts'
import { jumpingClock } from '../support/entra.ts'
import { growthDuring } from '../support/memory.ts'
import { useServices } from '../support/services.ts'

const clock = jumpingClock()
const { services } = await useServices({ clock, entraOrigin: () => 'http://127.0.0.1:9' })
const accounts = 10_000
const { access, assessmentId, attachmentId, name } = await assessedInventory({ ...services, clock }, accounts)

test('the file of a population is streamed: a small part of its rows is held at any moment', async () => {
  let [lines, bytes] = [0, 0]
  const growth = await growthDuring(async () => {
    const asked = { assessmentId, controlId: 'AC-02', attachmentId }
    const { pieces } = await controlPopulationFile(services, access, asked)
    for await (const piece of pieces) {
      lines += piece.split('\r\n').length - 1
      bytes += Buffer.byteLength(piece)
    }
  })
  expect(lines).toBe(accounts + 15)
  // Its rows take 2 MB, and as objects with their items many times that.
  expect(bytes).toBeGreaterThan(1_700_000)
  expect(growth).toBeLessThan(8_000_000)
}, 120_000)

test('an approval seals the content of every item of it, and holds none of them', async () => {
  const approver = { ...access, userId: newId() }
  const growth = await growthDuring(() =>
    approveAssessment(services, approver, { assessmentId, confirmation: name }),
  )
  const kept = await services.database.withOrganization(access.organizationId, transaction =>
    keptBySeals(transaction, access.organizationId),
  )
  expect(kept).toEqual({ count: accounts, assessments: [assessmentId] })
  expect(growth).toBeLessThan(8_000_000)
}, 120_000)
