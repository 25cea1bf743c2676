import { inject } from 'vitest'
import { Database } from '../../db/client.ts'
import type { EntraStandIn } from '../../sandbox/entra/start-entra.ts'
import { startEntra } from '../../sandbox/entra/start-entra.ts'
import type { Tenant } from '../../sandbox/entra/tenant.ts'
import type { TenantSpec } from '../../sandbox/entra/types.ts'
import { type KmsStandIn, startKms } from '../../sandbox/kms/start-kms.ts'
import { type SmtpStandIn, startSmtp } from '../../sandbox/smtp/start-smtp.ts'
import { chooseMail } from '../../server/alerts/choose-alerts.ts'
import type { Browser } from '../../server/connections/begin-authorization.ts'
import { alertKinds } from '../../server/domain/alert/causes.ts'
import type { Services } from '../../server/services.ts'
import { newMember } from './caller.ts'
import { cloneTemplate } from './clone.ts'
import { type JumpingClock, jumpingClock, tenantSpec } from './entra.ts'
import { MortalDatabase } from './mortal-database.ts'
import { driveQueue, onMovedClock, type QueueDriver } from './queue-driver.ts'
import { type Connecting, foundOrganization } from './seed.ts'
import { composeTestServices } from './services.ts'
import { recordStatement } from './statements.ts'

/** The product as it really is: one organization in a database of its own, two directories, people, a process that may die. */
export interface World {
  readonly clock: JumpingClock
  readonly driver: QueueDriver
  readonly entra: EntraStandIn
  readonly kms: KmsStandIn
  readonly smtp: SmtpStandIn
  /** The address of the database as an administrator. */
  readonly adminUrl: string
  readonly organizationId: string
  readonly slug: string
  readonly browser: Browser
  /** Who asks for what the owner approves, and who approves what the owner submitted. */
  readonly lead: { organizationId: string; userId: string }
  readonly owner: { organizationId: string; userId: string }
  readonly directories: { spec: TenantSpec; tenant: Tenant; connectionId: string | null }[]
  readonly exceptionIds: string[]
  readonly assessments: { id: string; name: string; end: Date }[]
  /** How many were taken. */
  steps: number
  /** Up to where the ledger was compared with the model. */
  seenUpTo: number
  /** The latest that the clock stood at before it was set back, in milliseconds. */
  furthest: number
  services: Services
  database: MortalDatabase
  /** Ends the process and starts another: nothing of its memory is left. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** A new world. Every one begins at the same instant. */
export async function openWorld(): Promise<World> {
  const urls = inject('databaseServer')
  const { name, drop } = await cloneTemplate(
    urls.admin.replace('{database}', 'postgres'),
    inject('databaseWorkers'),
  )
  const clock = jumpingClock()
  const specs = [7, 8].map(seed => tenantSpec({ size: 10, seed, riskySignInsPerDay: 1 }))
  const [entra, kms, smtp] = await Promise.all([
    startEntra({ tenants: specs, clock }),
    startKms(),
    startSmtp(),
  ])
  const adminUrl = urls.admin.replace('{database}', name)
  const driver = await driveQueue(adminUrl, clock)
  const url = (role: 'app' | 'retention') => onMovedClock(urls[role].replace('{database}', name))
  const begin = () => {
    const database = new MortalDatabase(url('app'))
    const retention = new Database(url('retention'), { max: 1, onStatement: recordStatement })
    const composed = composeTestServices({
      database,
      retention,
      clock,
      entraOrigin: entra.origin,
      kms,
      smtpUrl: smtp.smtpUrl,
      leaseSeconds: 90,
      queue: driver.queue,
    })
    const end = async () => {
      composed.close()
      await Promise.all([database.close(), retention.close()])
    }
    return { database, services: composed.services, end }
  }
  let life = begin()
  const founded = await foundOrganization(life.services, 'Ada Owner', 'Harbour Street')
  const { organizationId, userId } = founded
  const lead = await newMember({ ...founded, services: life.services, clock }, 'compliance_lead')
  await chooseMail(life.services, { organizationId, userId }, alertKinds)
  const world: World = {
    ...founded,
    clock,
    driver,
    entra,
    kms,
    smtp,
    adminUrl,
    lead: { organizationId, userId: lead.id },
    owner: { organizationId, userId },
    directories: specs.map(spec => ({ spec, tenant: entra.tenant(spec.tenantId), connectionId: null })),
    exceptionIds: [],
    assessments: [],
    steps: 0,
    seenUpTo: -1,
    furthest: 0,
    services: life.services,
    database: life.database,
    async restart() {
      await life.end()
      life = begin()
      Object.assign(world, { services: life.services, database: life.database })
    },
    async stop() {
      await life.end()
      await driver.stop()
      await Promise.all([entra.stop(), kms.stop(), smtp.stop()])
      await drop()
    },
  }
  return world
}

/** What connecting one of the directories takes. */
export function connecting(world: World, index: number): Connecting {
  const { spec } = directoryOf(world, index)
  const { services, clock, entra, organizationId, browser } = world
  return { services, clock, entra, spec, organizationId, browser }
}

export function directoryOf(world: World, index: number): World['directories'][number] {
  const directory = world.directories[index]
  if (!directory) throw new RangeError('no such directory')
  return directory
}
