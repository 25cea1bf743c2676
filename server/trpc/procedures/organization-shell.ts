import { z } from 'zod'
import { KeptFrames } from '../../coverage/kept-frames.ts'
import { readFrame } from '../../coverage/read-frame.ts'
import { isAllowed, permissions, roleNames } from '../../domain/member/roles.ts'
import { firstCheckpointOver } from '../../ledger/checkpoints.ts'
import { periodStart } from '../../members/auditor-period.ts'
import { listOrganizations } from '../../members/list-organizations.ts'
import { listOf } from '../coverage-schemas.ts'
import { grantOutput, roleField } from '../person-fields.ts'
import { asOfOutput, readAsOf } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({ ...organizationInput, ...asOfInput })

const output = z.strictObject({
  asOf: asOfOutput,
  slug: z.string(),
  name: z.string(),
  /** Played on a moved clock: said on every page. */
  simulated: z.boolean(),
  /** When the organization is to be deleted: said on every page until then. */
  deletesAt: z.date().nullable(),
  role: roleField,
  roleName: z.string(),
  grant: grantOutput,
  permissions: listOf(z.enum(permissions)),
  controls: z.int(),
  openAlerts: z.int(),
  /** How many events the first checkpoint over the moment covers; null of now, and while none does. */
  checkpointSize: z.int().nullable(),
  user: z.strictObject({ name: z.string(), email: z.string() }),
  others: listOf(z.strictObject({ slug: z.string(), name: z.string(), roleName: z.string() })),
})

/** What stands around every page of an organization: where one is, as whom, and which moment is shown. */
export const organizationShell = organizationProcedure('coverage:read')
  .input(input)
  .output(output)
  .query(async ({ ctx }) => {
    const { services, signedIn, access, reading, keptFrames = new KeptFrames() } = ctx
    const { slug, name, simulated, role, grant } = access
    const { clock } = services
    const listed = listOrganizations({ database: reading, clock }, signedIn.user.id, slug)
    const read = readAsOf(ctx, async (transaction, asOf) => {
      const { organizationId } = access
      const { position } = asOf
      const from = (await periodStart(transaction, access))?.from ?? null
      const scope = { organizationId, position, from }
      const [frame, checkpoint] = await Promise.all([
        keptFrames.read(scope, () => readFrame(transaction, scope)),
        asOf.isNow ? null : firstCheckpointOver(transaction, organizationId, position),
      ])
      return {
        slug,
        name,
        simulated,
        deletesAt: access.deletesAt,
        role,
        roleName: roleNames[role],
        grant,
        permissions: permissions.filter(permission => isAllowed(role, permission)),
        ...frame,
        checkpointSize: checkpoint?.size ?? null,
        user: { name: signedIn.user.name, email: signedIn.user.email },
      }
    })
    const [shell, organizations] = await Promise.all([read, listed])
    const others = organizations.map(({ slug, name, role }) => ({ slug, name, roleName: roleNames[role] }))
    return { ...shell, others }
  })
