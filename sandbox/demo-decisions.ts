import { readCoverage } from '../server/coverage/read-coverage.ts'
import { declareClass, listAdministrator } from '../server/decisions/decide-accounts.ts'
import { decideOnException, requestException } from '../server/decisions/decide-exceptions.ts'
import { listAccounts } from '../server/decisions/list-accounts.ts'
import type { Services } from '../server/services.ts'

const days = (count: number) => count * 86_400_000

/** Who decides in the demo, in which organization. */
export interface DemoDeciders {
  organizationId: string
  adminId: string
  leadId: string
}

/** The admin declares the emergency accounts, and says who administers the directory: all but the newest of them. */
export async function declareWhatIsKnown(services: Services, deciders: DemoDeciders): Promise<void> {
  const { organizationId, adminId } = deciders
  const actor = { organizationId, userId: adminId }
  for (const { subjectKey } of await accountsNamed(services, organizationId, 'breakglass')) {
    await declareClass(services, actor, {
      subjectKey,
      class: 'emergency',
      ownerId: adminId,
      reason: 'Break-glass account. Its security key lies in the safe, each use is reported.',
      expiresOn: dayIn(services, 180),
    })
  }
  const administrators = await failingSubjects(services, organizationId, 'AC-10')
  for (const subjectKey of administrators.slice(0, -1)) {
    const reason = 'Runs the directory; on the access list of the quarter.'
    await listAdministrator(services, actor, { subjectKey, isApproved: true, reason })
  }
}

/** The lead asks for exceptions for who has no second factor: a service account, then a person. @returns its id; null where there is none */
export async function askForException(
  services: Services,
  { organizationId, leadId }: DemoDeciders,
  { isService, reason, lasting }: { isService: boolean; reason: string; lasting: number },
): Promise<string | null> {
  const machines = await accountsNamed(services, organizationId, 'svc-')
  const isMachine = (subjectKey: string) => machines.some(account => account.subjectKey === subjectKey)
  const failing = await failingSubjects(services, organizationId, 'AC-02')
  const subjectKey = failing.find(key => isMachine(key) === isService)
  if (subjectKey === undefined) return null
  return requestException(
    services,
    { organizationId, userId: leadId },
    {
      controlId: 'AC-02',
      subject: { kind: 'account', id: subjectKey },
      reason,
      ownerId: leadId,
      expiresOn: dayIn(services, lasting),
    },
  )
}

/** The admin, who did not ask for it, approves. */
export async function approveException(
  services: Services,
  { organizationId, adminId }: DemoDeciders,
  exceptionId: string,
): Promise<void> {
  await decideOnException(
    services,
    { organizationId, userId: adminId },
    {
      exceptionId,
      decision: 'approve',
      reason: 'Seen on site: it signs in from one locked room alone.',
    },
  )
}

async function accountsNamed(services: Services, organizationId: string, beginning: string) {
  const asked = { search: beginning, sort: 'login', filter: 'all', cursor: null } as const
  const { accounts } = await services.ledger.query(organizationId, { kind: 'now' }, (transaction, asOf) =>
    listAccounts(services, transaction, organizationId, asOf, asked),
  )
  return accounts
}

async function failingSubjects(services: Services, organizationId: string, controlId: string) {
  const { sources } = await services.ledger.query(organizationId, { kind: 'now' }, (transaction, asOf) =>
    readCoverage(transaction, organizationId, asOf, services.connectors),
  )
  const verdicts = sources.flatMap(source => source.verdicts.filter(each => each.controlId === controlId))
  return verdicts
    .flatMap(({ reasons }) => reasons.filter(({ verdict }) => verdict === 'fail'))
    .flatMap(({ subjects }) => subjects)
}

const dayIn = ({ clock }: Services, count: number) =>
  new Date(clock.now().getTime() + days(count)).toISOString().slice(0, 10)
