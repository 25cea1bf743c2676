import { deliverAlerts } from '../server/alerts/deliver-alerts.ts'
import { alertsFollow } from '../server/alerts/react-to-events.ts'
import { remindOfAlerts } from '../server/alerts/remind-of-alerts.ts'
import type { Clock } from '../server/clock.ts'
import {
  type Browser,
  beginConnection,
  beginReauthorization,
} from '../server/connections/begin-authorization.ts'
import { completeAuthorization } from '../server/connections/complete-authorization.ts'
import { replaceClientSecret } from '../server/connections/manage-connection.ts'
import type { Cadence } from '../server/domain/evidence/kinds.ts'
import { syncConnection } from '../server/evidence/sync-connection.ts'
import { newId } from '../server/ledger/ids.ts'
import { createLedger } from '../server/ledger/ledger.ts'
import { sealNow } from '../server/ledger/seal-log.ts'
import { project } from '../server/projections/project.ts'
import { type JobPayload, jobSchemas, type Queue, queueOf } from '../server/queue.ts'
import type { Services } from '../server/services.ts'
import { playAssessments } from './demo-assessments.ts'
import { approveException, askForException, type DemoDeciders, declareWhatIsKnown } from './demo-decisions.ts'
import { type DemoOrganization, seedOrganization } from './demo-people.ts'
import { chooseAlertMail, lookThrough } from './demo-reviews.ts'
import type { DemoDirectory } from './demo-tenants.ts'
import { signInAndConsent } from './entra/browse.ts'
import type { EntraStandIn } from './entra/start-entra.ts'
import type { SmtpStandIn } from './smtp/start-smtp.ts'

const hour = 3_600_000
const day = 24 * hour

export interface HistoryOptions {
  services: Services
  entra: EntraStandIn
  smtp: SmtpStandIn
  organization: DemoOrganization
  directory: DemoDirectory
  /** How many days to play, ending now. */
  days: number
  onDay: (played: number, runs: number) => void
}

/**
 * Plays a past into a new organization created as simulated: hourly syncs on a moved clock through the same code as
 * real ones, with an outage of the source, a day on which the worker stood still, an expired secret and a sign-in
 * that had to be renewed, each of them over before the end. What is due afterwards goes into the real queue.
 */
export async function playHistory(options: HistoryOptions): Promise<{ slug: string; runs: number }> {
  const { entra, smtp, organization, directory, days } = options
  const end = Date.now()
  const clock = new SimulatedClock(new Date(end - days * day))
  const due = new DueSyncs()
  const services = simulated(options.services, clock, due)
  entra.setClock(clock.now())
  clock.onMove = now => entra.setClock(now)
  try {
    const { organizationId, slug, ownerId, userIds } = await seedOrganization(services, smtp, organization, {
      simulated: true,
      grantFrom: clock.now(),
    })
    const browser = { organizationId, userId: ownerId, sessionId: newId() }
    // The month begins with an older secret; the one that the demo announces takes its place on the way.
    const olderSecret = `${directory.clientSecret}.older`
    entra.tenant(directory.tenantId).setSecret({ value: olderSecret, expiresAt: new Date(end + 150 * day) })
    const connectionId = await connect(services, entra, browser, { ...directory, clientSecret: olderSecret })
    const lead = organization.people.find(({ role }) => role === 'compliance_lead')
    const leadId = lead && (await services.auth.findVerifiedUser(lead.email))?.id
    const script = scriptOf({
      services,
      deciders: { organizationId, adminId: ownerId, leadId: leadId ?? ownerId },
      entra,
      browser,
      directory,
      connectionId,
      start: clock.now().getTime(),
      days,
    })
    let runs = 0
    let reportedDay = 0
    for (;;) {
      const nextStep = script[0]
      const nextSync = due.next()
      const at = Math.min(nextStep?.at ?? Number.POSITIVE_INFINITY, nextSync?.at ?? Number.POSITIVE_INFINITY)
      if (at > end) break
      clock.moveTo(new Date(at))
      if (nextStep && nextStep.at === at) {
        script.shift()
        await nextStep.act()
      } else if (nextSync) {
        due.take()
        const isStanding = nextSync.at >= due.standsFrom && nextSync.at < due.standsTo
        if (isStanding) due.add({ ...nextSync, at: due.standsTo })
        else {
          const { payload, cadence } = nextSync
          const result = await syncConnection(services, payload, new AbortController().signal, cadence)
          if (result !== 'nothing_to_do') runs += 1
        }
      }
      for (const target of due.takeDeliveries()) await deliverAlerts(services, target)
      const played = Math.floor((clock.now().getTime() - (end - days * day)) / day)
      if (played > reportedDay) {
        reportedDay = played
        await remindOfAlerts(services, organizationId)
        await sealNow(services, organizationId)
        options.onDay(played, runs)
      }
      if (nextStep?.standing) [due.standsFrom, due.standsTo] = nextStep.standing
    }
    await playAssessments(services, { organizationId, userIds, start: new Date(end - days * day), days })
    await sealNow(services, organizationId)
    await due.handOver(options.services)
    return { slug, runs }
  } finally {
    entra.setClock(null)
  }
}

interface Step {
  at: number
  act: () => Promise<void> | void
  /** From this step on no sync runs before the second instant. */
  standing?: [from: number, to: number]
}

interface ScriptOptions {
  services: Services
  deciders: DemoDeciders
  entra: EntraStandIn
  browser: Browser
  directory: DemoDirectory
  connectionId: string
  start: number
  days: number
}

/**
 * What happens in the month, at shares of its length, so that a shorter one tells the same story: from a week on in the
 * forenoon and as long as such things take, in less without the nights between them.
 */
function scriptOf(options: ScriptOptions): Step[] {
  const { services, deciders, entra, browser, directory, connectionId, start, days } = options
  const tenant = entra.tenant(directory.tenantId)
  const target = { organizationId: browser.organizationId, connectionId, userId: browser.userId }
  const at = (share: number) =>
    start + (days < 7 ? share * days * day : Math.floor(share * days) * day + 9.4 * hour)
  const lasting = (hours: number, share: number) => Math.min(hours * hour, share * days * day)
  const standing = at(0.5)
  const steps: Step[] = [
    ...decisionsOf(services, deciders, { start, at, days }),
    { at: at(0.3), act: () => tenant.fault({ kind: 'status', status: 503 }) },
    { at: at(0.3) + lasting(8, 0.1), act: () => tenant.clearFaults() },
    { at: standing, act: () => undefined, standing: [standing, standing + lasting(31, 0.17)] },
    {
      at: at(0.7),
      act: () =>
        tenant.setSecret({ value: directory.clientSecret, expiresAt: new Date(Date.now() + 180 * day) }),
    },
    {
      at: at(0.7) + lasting(7.5, 0.06),
      act: () =>
        replaceClientSecret(services, target, {
          clientSecret: directory.clientSecret,
          secretExpiresOn: new Date(Date.now() + 200 * day).toISOString().slice(0, 10),
        }),
    },
    { at: at(0.83), act: () => tenant.revokeSessions() },
    { at: at(0.83) + lasting(3.2, 0.05), act: () => reauthorize(services, entra, browser, connectionId) },
  ]
  return steps.sort((one, other) => one.at - other.at)
}

/** What people decide on the way. */
function decisionsOf(
  services: Services,
  deciders: DemoDeciders,
  { start, at, days }: { start: number; at: (share: number) => number; days: number },
): Step[] {
  let asked: string | null = null
  const looks = Array.from({ length: days }, (_, played) => start + played * day)
  return [
    { at: start + 7.2 * hour, act: () => declareWhatIsKnown(services, deciders) },
    { at: start + 7.3 * hour, act: () => chooseAlertMail(services, deciders) },
    ...looks.flatMap(since =>
      [9.6, 18.1].map(hours => ({
        at: since + hours * hour,
        act: () => lookThrough(services, deciders),
      })),
    ),
    {
      at: at(0.2) + 1.1 * hour,
      act: async () => {
        asked = await askForException(services, deciders, {
          isService: true,
          reason: 'A machine in the meeting rooms that signs in by itself, until it is replaced.',
          lasting: 120,
        })
      },
    },
    {
      at: at(0.2) + 5.6 * hour,
      act: async () => {
        if (asked !== null) await approveException(services, deciders, asked)
      },
    },
    {
      at: at(0.9) + 2.3 * hour,
      act: async () => {
        await askForException(services, deciders, {
          isService: false,
          reason: 'Waits for a security key: the telephone was lost.',
          lasting: 14,
        })
      },
    },
  ]
}

async function connect(services: Services, entra: EntraStandIn, browser: Browser, directory: DemoDirectory) {
  const { authorizeUrl } = await beginConnection(services, browser, {
    connector: 'entra',
    fields: {
      externalTenantId: directory.tenantId,
      clientId: directory.clientId,
      clientSecret: directory.clientSecret,
      secretExpiresOn: new Date(Date.now() + 150 * day).toISOString().slice(0, 10),
      cloud: 'global',
    },
  })
  const outcome = await signIn(services, entra, browser, authorizeUrl)
  if (outcome.outcome !== 'connected')
    throw new Error(`the demo directory did not connect: ${outcome.outcome}`)
  return outcome.connectionId
}

async function reauthorize(services: Services, entra: EntraStandIn, browser: Browser, connectionId: string) {
  const { authorizeUrl } = await beginReauthorization(services, browser, connectionId)
  await signIn(services, entra, browser, authorizeUrl)
}

async function signIn(services: Services, entra: EntraStandIn, browser: Browser, authorizeUrl: string) {
  const rewrite = (url: string) => url.replace(/^https:\/\/login\.[^/]+/, entra.origin)
  const back = await signInAndConsent(authorizeUrl, { rewrite })
  return completeAuthorization(services, browser, back.searchParams)
}

/** The product's services on the moved clock; secrets, sign-ins and mails stay where they are. */
function simulated(services: Services, clock: Clock, queue: Queue): Services {
  const { database } = services
  return {
    ...services,
    clock,
    queue,
    ledger: createLedger({ database, clock, project, react: alertsFollow(queue) }),
  }
}

/** Stands still but for what is asked of it: sleeping moves it on. */
class SimulatedClock implements Clock {
  #now: number
  onMove: (now: Date) => void = () => undefined

  constructor(start: Date) {
    this.#now = start.getTime()
  }

  now(): Date {
    return new Date(this.#now)
  }

  moveTo(instant: Date): void {
    this.#now = Math.max(this.#now, instant.getTime())
    this.onMove(this.now())
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    this.moveTo(new Date(this.#now + milliseconds))
  }
}

interface DueSync {
  at: number
  cadence: Cadence
  payload: JobPayload<'sync'>
}

/** The queue under the moved clock: keeps syncs and gives them out when they are due, and what is to be sent at once. */
class DueSyncs implements Queue {
  #syncs: DueSync[] = []
  #deliveries: JobPayload<'deliver-alerts'>[] = []
  standsFrom = 0
  standsTo = 0

  readonly enqueue: Queue['enqueue'] = async (_transaction, name, payload, options = {}) => {
    if (name === 'deliver-alerts') this.#deliveries.push(jobSchemas['deliver-alerts'].parse(payload))
    if (name !== 'sync' && name !== 'sync-daily') return
    const cadence = name === 'sync' ? 'hourly' : 'daily'
    this.add({ at: options.startAfter?.getTime() ?? 0, cadence, payload: jobSchemas.sync.parse(payload) })
  }

  readonly enqueueAll: Queue['enqueueAll'] = async (transaction, jobs) => {
    for (const { name, payload, startAfter } of jobs)
      await this.enqueue(transaction, name, payload, startAfter ? { startAfter } : {})
  }

  add(sync: DueSync): void {
    this.#syncs.push(sync)
    this.#syncs.sort((one, other) => one.at - other.at)
  }

  next(): DueSync | undefined {
    return this.#syncs[0]
  }

  take(): void {
    this.#syncs.shift()
  }

  takeDeliveries(): JobPayload<'deliver-alerts'>[] {
    return this.#deliveries.splice(0)
  }

  /** From now on the real queue has what is due. */
  async handOver({ database, queue }: Services): Promise<void> {
    for (const { at, cadence, payload } of this.#syncs) {
      await database.withOrganization(payload.organizationId, transaction =>
        queue.enqueue(transaction, queueOf(cadence), payload, { startAfter: new Date(at) }),
      )
    }
  }
}
