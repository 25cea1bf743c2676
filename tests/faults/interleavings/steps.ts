import fc from 'fast-check'
import { expect } from 'vitest'
import { approveAssessment } from '../../../server/assessments/approve-assessment.ts'
import { attachCurrent } from '../../../server/assessments/attach-evidence.ts'
import { openAssessment, sendBack, submitAssessment } from '../../../server/assessments/manage-assessments.ts'
import { completeAuthorization } from '../../../server/connections/complete-authorization.ts'
import {
  replaceClientSecret,
  requestSync,
  revokeConnection,
} from '../../../server/connections/manage-connection.ts'
import { decideOnException, requestException } from '../../../server/decisions/decide-exceptions.ts'
import { AppError } from '../../../server/errors.ts'
import { clientSecret } from '../../support/entra.ts'
import { endLeases } from '../../support/leases.ts'
import type { DoneJob } from '../../support/queue-driver.ts'
import { signInToConnect, signInToReauthorize } from '../../support/seed.ts'
import { connecting, directoryOf, type World } from '../../support/world.ts'
import { expectAgreement, expectVerifiedAndReplayed, followRuns } from './agreement.ts'
import { type Model, type ModelDirectory, stateOfException } from './model.ts'

const walkEvery = 8

const minute = 60_000
const hour = 60 * minute

interface DirectoryStep<D extends string> {
  do: D
  directory: number
  dies: number | null
}

/** What can happen. `dies`: in which of its transactions the process dies that does it; null where it lives. */
export type Step =
  | DirectoryStep<'connect'>
  | DirectoryStep<'reauthorize'>
  | DirectoryStep<'replace_secret'>
  | DirectoryStep<'revoke'>
  | DirectoryStep<'sync'>
  | { do: 'end_sessions' | 'change_secret' | 'break' | 'mend'; directory: number }
  | { do: 'rename'; directory: number; user: number }
  | { do: 'pass'; minutes: number; dies: number | null }
  | { do: 'pass_without_workers' | 'set_clock_back'; minutes: number }
  | { do: 'settle' | 'restart' | 'key_service_down' | 'key_service_up' | 'mail_refused' }
  | { do: 'except'; directory: number; user: number; days: number; dies: number | null }
  | { do: 'approve' | 'reject' | 'withdraw'; exception: number; dies: number | null }
  | { do: 'assess' }
  | { do: 'attach' | 'submit' | 'send_back' | 'seal'; assessment: number; dies: number | null }

/** A step as fast-check drives it: moves the model and the product, then compares them. */
export class StepCommand implements fc.AsyncCommand<Model, World, true> {
  readonly step: Step

  constructor(step: Step) {
    this.step = step
  }

  async check(model: Readonly<Model>): Promise<boolean> {
    return canHappen(this.step, model)
  }

  async run(model: Model, world: World): Promise<void> {
    const { services } = world
    await take(this.step, model, world)
    await followRuns(model, world)
    await expectAgreement(model, world)
    // What these two find wrong stays wrong: they walk the whole ledger, and come where a process died and now and then.
    world.steps += 1
    if (world.services !== services || world.steps % walkEvery === 0) await expectVerifiedAndReplayed(world)
  }

  toString(): string {
    return JSON.stringify(this.step)
  }
}

function canHappen(step: Step, model: Readonly<Model>): boolean {
  if ('directory' in step) {
    const directory = directoryIn(model, step.directory)
    switch (step.do) {
      case 'connect':
        return directory.status === 'none' && !directory.areTokensVoid
      case 'except':
        return directory.isKnown
      case 'break':
        return !directory.isBroken
      case 'mend':
        return directory.isBroken
      case 'rename':
        return true
      default:
        return directory.status !== 'none'
    }
  }
  if ('exception' in step) return model.exceptions.length > 0
  if ('assessment' in step) return model.assessments.length > 0
  if (step.do === 'settle') return model.isUnsettled
  if (step.do === 'key_service_down') return !model.isKeyServiceDown
  if (step.do === 'key_service_up') return model.isKeyServiceDown
  return true
}

async function take(step: Step, model: Model, world: World): Promise<void> {
  if ('exception' in step) return decide(step, model, world)
  if ('assessment' in step) return examine(step, model, world)
  if ('directory' in step) return takeOfDirectory(step, model, world)
  const { clock, driver, kms, smtp } = world
  switch (step.do) {
    case 'pass': {
      const to = new Date(clock.now().getTime() + step.minutes * minute)
      if (step.minutes > 30) await driver.bringSweep()
      if (step.dies !== null) world.database.dieIn(step.dies)
      await lookForDeath(model, world, await driver.moveOn(world.services, to))
      return driver.upkeep()
    }
    case 'pass_without_workers':
    case 'set_clock_back':
      world.furthest = Math.max(world.furthest, clock.now().getTime())
      clock.jump(step.minutes * (step.do === 'set_clock_back' ? -minute : minute))
      for (const [index, { areTokensVoid }] of model.directories.entries())
        if (!areTokensVoid) holdSessions(world, index)
      await driver.upkeep()
      await driver.bringSweep()
      await turn(model, world)
      return
    case 'settle':
      return settle(model, world)
    case 'restart':
      return world.restart()
    case 'key_service_down':
      kms.fault({ kind: 'down' })
      model.isKeyServiceDown = true
      // Nothing of the keys is left in memory.
      return world.restart()
    case 'key_service_up':
      kms.fault(null)
      model.isKeyServiceDown = false
      return
    case 'mail_refused':
      return smtp.refuseNext(2)
    case 'assess': {
      const end = new Date(clock.now().getTime() - 1)
      const period = { from: new Date(end.getTime() - 2 * hour), to: end }
      const name = `Assessment ${model.assessments.length + 1}`
      const { assessmentId: id } = await openAssessment(world.services, world.lead, {
        name,
        period,
        controls: ['AC-02', 'AC-03', 'AC-14'],
      })
      world.assessments.push({ id, name, end })
      model.assessments.push({ status: 'open', attached: 0 })
    }
  }
}

async function takeOfDirectory(
  step: Extract<Step, { directory: number }>,
  model: Model,
  world: World,
): Promise<void> {
  const known = directoryIn(model, step.directory)
  const directory = directoryOf(world, step.directory)
  const { tenant } = directory
  switch (step.do) {
    case 'connect':
      return connect(step, model, world)
    case 'reauthorize':
      return reauthorize(step, model, world)
    case 'replace_secret':
      return replaceSecret(step, model, world)
    case 'except':
      return except(step, model, world)
    case 'revoke': {
      const target = targetOf(world, step.directory)
      if (await act(model, world, step.dies, () => revokeConnection(world.services, target))) {
        Object.assign(known, { status: 'none', remedy: null })
        directory.connectionId = null
      }
      return
    }
    case 'sync':
      return sync(step, model, world)
    case 'end_sessions':
      // Behind every token that was given out, also where the clock was set back since.
      world.clock.jump(Math.max(0, world.furthest - world.clock.now().getTime()) + 1_000)
      tenant.revokeSessions(world.clock.now())
      world.clock.jump(1_000)
      known.areTokensVoid = true
      return
    case 'change_secret':
      known.secretAtSource += 1
      return tenant.setSecret({ value: secretOf(known.secretAtSource) })
    case 'break':
      known.isBroken = true
      return tenant.fault({ kind: 'status', status: 501, path: 'riskyUsers' })
    case 'mend':
      known.isBroken = false
      return tenant.clearFaults()
    case 'rename':
      return tenant.setUser(step.user, { displayName: `Renamed ${world.clock.now().getTime()}` })
  }
}

type Of<D extends Step['do']> = Extract<Step, { do: D }>

async function connect({ directory, dies }: Of<'connect'>, model: Model, world: World): Promise<void> {
  const known = directoryIn(model, directory)
  const isDone = await act(model, world, dies, async () => {
    const scene = connecting(world, directory)
    const back = await signInToConnect(scene, { clientSecret: secretOf(known.secretAtSource) })
    const outcome = await completeAuthorization(scene.services, scene.browser, back.searchParams)
    if (outcome.outcome !== 'connected') throw new Error(`not connected: ${JSON.stringify(outcome)}`)
    directoryOf(world, directory).connectionId = outcome.connectionId
  })
  if (!isDone) return
  Object.assign(known, {
    status: 'connected',
    remedy: null,
    secretHeld: known.secretAtSource,
    areTokensVoid: false,
  })
  await turn(model, world)
}

async function reauthorize(
  { directory, dies }: Of<'reauthorize'>,
  model: Model,
  world: World,
): Promise<void> {
  const known = directoryIn(model, directory)
  const isSecretRight = known.secretHeld === known.secretAtSource
  const isDone = await act(model, world, dies, async () => {
    const scene = connecting(world, directory)
    const { connectionId } = targetOf(world, directory)
    const back = await signInToReauthorize(scene, connectionId)
    const { outcome } = await completeAuthorization(scene.services, scene.browser, back.searchParams)
    expect(outcome).toBe(isSecretRight ? 'reauthorized' : 'refused')
  })
  if (!isDone || !isSecretRight) return
  holdSessions(world, directory)
  Object.assign(known, { status: 'connected', remedy: null, areTokensVoid: false })
  await turn(model, world)
}

async function replaceSecret(
  { directory, dies }: Of<'replace_secret'>,
  model: Model,
  world: World,
): Promise<void> {
  const known = directoryIn(model, directory)
  const secretExpiresOn = new Date(world.clock.now().getTime() + 180 * 24 * hour).toISOString().slice(0, 10)
  const fields = { clientSecret: secretOf(known.secretAtSource), secretExpiresOn }
  const target = targetOf(world, directory)
  if (!(await act(model, world, dies, () => replaceClientSecret(world.services, target, fields)))) return
  known.secretHeld = known.secretAtSource
  if (known.remedy === 'fix_application') Object.assign(known, { status: 'connected', remedy: null })
  await turn(model, world)
}

async function sync({ directory, dies }: Of<'sync'>, model: Model, world: World): Promise<void> {
  const { status } = directoryIn(model, directory)
  const asked = requestSync(world.services, targetOf(world, directory))
  if (status === 'needs_attention') return expectRefusal(asked, 'precondition_failed')
  expect(await asked).toBe(true)
  if (dies !== null) world.database.dieIn(dies)
  const hasDied = await turn(model, world)
  const { ended } = await followRuns(model, world)
  if (!hasDied) expect(ended).toBeGreaterThan(0)
}

async function except(
  { directory, user, days, dies }: Of<'except'>,
  model: Model,
  world: World,
): Promise<void> {
  const now = world.clock.now()
  const account = directoryOf(world, directory).tenant.directory.userAt(user, now)
  if (!account) throw new RangeError('no such account')
  const expiresOn = new Date(now.getTime() + days * 24 * hour).toISOString().slice(0, 10)
  await act(model, world, dies, async () => {
    const id = await requestException(world.services, world.lead, {
      controlId: 'AC-02',
      subject: { kind: 'account', id: account.id },
      reason: 'A terminal without a telephone.',
      ownerId: world.owner.userId,
      expiresOn,
    })
    world.exceptionIds.push(id)
    const expiresAt = new Date(expiresOn).getTime() + 24 * hour - 1
    model.exceptions.push({ decision: 'waiting', expiresAt })
  })
}

async function decide(
  step: Of<'approve' | 'reject' | 'withdraw'>,
  model: Model,
  world: World,
): Promise<void> {
  const index = step.exception % model.exceptions.length
  const known = model.exceptions[index]
  const exceptionId = world.exceptionIds[index]
  if (!known || !exceptionId) throw new RangeError('no such exception')
  const state = stateOfException(known, await instantNow(world))
  const isPossible = state === 'waiting' || (step.do === 'withdraw' && state === 'in_force')
  const decision = { exceptionId, decision: step.do, reason: 'Seen on site.' }
  const decided = () => decideOnException(world.services, world.owner, decision)
  if (!isPossible) return expectRefusal(decided(), 'precondition_failed')
  if (await act(model, world, step.dies, decided)) {
    known.decision = ({ approve: 'approved', reject: 'rejected', withdraw: 'withdrawn' } as const)[step.do]
  }
}

async function examine(
  step: Extract<Step, { assessment: number }>,
  model: Model,
  world: World,
): Promise<void> {
  const index = step.assessment % model.assessments.length
  const known = model.assessments[index]
  const asked = world.assessments[index]
  if (!known || !asked) throw new RangeError('no such assessment')
  const { services, lead, owner } = world
  const { id: assessmentId, name, end } = asked
  const isOver = end < world.clock.now()
  switch (step.do) {
    case 'attach': {
      const attach = () => attachCurrent(services, lead, { assessmentId, instants: [end], windows: false })
      // The clock was set back meanwhile.
      if (!isOver) return expectRefusal(attach(), 'bad_input')
      if (known.status !== 'open') return expectRefusal(attach(), 'precondition_failed')
      await act(model, world, step.dies, async () => {
        known.attached += (await attach()).attached
      })
      return
    }
    case 'submit': {
      const submit = () => submitAssessment(services, lead, assessmentId)
      if (known.status !== 'open' || known.attached === 0 || !isOver)
        return expectRefusal(submit(), 'precondition_failed')
      if (await act(model, world, step.dies, submit)) known.status = 'submitted'
      return
    }
    case 'send_back': {
      const back = () => sendBack(services, owner, assessmentId, 'Not all of it is there.')
      if (known.status !== 'submitted') return expectRefusal(back(), 'precondition_failed')
      if (await act(model, world, step.dies, back)) known.status = 'open'
      return
    }
    case 'seal': {
      const approve = () => approveAssessment(services, owner, { assessmentId, confirmation: name })
      if (known.status !== 'submitted') return expectRefusal(approve(), 'precondition_failed')
      if (await act(model, world, step.dies, approve)) known.status = 'approved'
    }
  }
}

/**
 * A person's act. It is done, or it is not: where the process died, and where the key service was needed and did not
 * answer, nothing has changed.
 */
async function act(
  model: Model,
  world: World,
  dies: number | null,
  work: () => Promise<unknown>,
): Promise<boolean> {
  if (dies !== null) world.database.dieIn(dies)
  try {
    await work()
    world.database.spare()
    return true
  } catch (error) {
    world.database.spare()
    if (world.database.isDead) {
      await afterDeath(model, world)
      return false
    }
    if (!model.isKeyServiceDown || !(error instanceof AppError) || error.code !== 'unavailable') throw error
    return false
  }
}

/** Does what is due. @returns whether the process died over it */
async function turn(model: Model, world: World): Promise<boolean> {
  return lookForDeath(model, world, await world.driver.turn(world.services))
}

async function lookForDeath(model: Model, world: World, done: readonly DoneJob[]): Promise<boolean> {
  world.database.spare()
  if (done.at(-1)?.result !== 'died') return false
  await afterDeath(model, world)
  return true
}

/** Another process takes its place, and the leases of the dead one run out: they do so in real time. */
async function afterDeath(model: Model, world: World): Promise<void> {
  model.isUnsettled = true
  await world.restart()
  await endLeases(world)
}

/**
 * Time enough for the queue to find the jobs of the dead and to try them again, each in its turn. A queue whose clock was
 * set back looks for them when it is there again.
 */
async function settle(model: Model, world: World): Promise<void> {
  const { clock, driver } = world
  await driver.moveOn(world.services, new Date(Math.max(world.furthest, clock.now().getTime())))
  for (let round = 0; round < 3; round += 1) {
    clock.jump(2 * minute)
    await driver.upkeep()
    await driver.moveOn(world.services, new Date(clock.now().getTime() + 12 * minute))
  }
  await followRuns(model, world)
  model.isUnsettled = false
}

/** A source's clock is not set back with ours: sessions that were begun behind the end of all others hold on there. */
function holdSessions(world: World, directory: number): void {
  const { tenant } = directoryOf(world, directory)
  const now = world.clock.now()
  if (tenant.sessionsValidFrom() > now) tenant.revokeSessions(now)
}

/** The n-th secret of an application; the first is the one that it begins with. */
const secretOf = (nth: number): string => (nth === 0 ? clientSecret : `${clientSecret}-${nth}`)

async function expectRefusal(work: Promise<unknown>, code: AppError['code']): Promise<void> {
  await expect(work).rejects.toMatchObject({ code })
}

const instantNow = async ({ services, organizationId }: World): Promise<number> =>
  (await services.ledger.resolve(organizationId, { kind: 'now' })).instant.getTime()

function targetOf({ directories, organizationId, owner }: World, index: number) {
  const connectionId = directories[index]?.connectionId
  if (!connectionId) throw new RangeError('not connected')
  return { organizationId, userId: owner.userId, connectionId }
}

function directoryIn(model: Readonly<Model>, index: number): ModelDirectory {
  const directory = model.directories[index]
  if (!directory) throw new RangeError('no such directory')
  return directory
}

// Most happens in the first directory: what two of them need rarely comes together.
const directory = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) })
/** Most live; of those that die, most die early: a sync has some thirty transactions, most acts have one to four. */
const dies = fc.oneof(
  { weight: 9, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 1, arbitrary: fc.integer({ min: 5, max: 40 }) },
)
const person = fc.integer({ min: 2, max: 5 })
const one = fc.nat({ max: 2 })

function ofDirectory<const D extends string>(what: D): fc.Arbitrary<DirectoryStep<D>> {
  return fc.record({ do: fc.constant(what), directory, dies })
}

const ofAssessment = <const D extends 'attach' | 'submit' | 'send_back' | 'seal'>(what: D) =>
  fc.record({ do: fc.constant(what), assessment: one, dies })

const weighted: readonly [number, fc.Arbitrary<Step>][] = [
  [6, ofDirectory('connect')],
  [6, ofDirectory('sync')],
  [3, ofDirectory('reauthorize')],
  [3, ofDirectory('replace_secret')],
  [1, ofDirectory('revoke')],
  [2, fc.record({ do: fc.constantFrom('end_sessions', 'change_secret'), directory })],
  [2, fc.record({ do: fc.constantFrom('break', 'mend'), directory })],
  [1, fc.record({ do: fc.constant('rename'), directory, user: person })],
  [5, fc.record({ do: fc.constant('pass'), minutes: fc.integer({ min: 1, max: 100 }), dies })],
  [1, fc.record({ do: fc.constant('pass_without_workers'), minutes: fc.integer({ min: 60, max: 30 * 60 }) })],
  [1, fc.record({ do: fc.constant('set_clock_back'), minutes: fc.integer({ min: 1, max: 180 }) })],
  [3, fc.record({ do: fc.constantFrom('settle', 'restart', 'mail_refused') })],
  [1, fc.record({ do: fc.constant('key_service_down') })],
  [3, fc.record({ do: fc.constant('key_service_up') })],
  [
    4,
    fc.record({
      do: fc.constant('except'),
      directory,
      user: person,
      days: fc.integer({ min: 1, max: 3 }),
      dies,
    }),
  ],
  [5, fc.record({ do: fc.constantFrom('approve', 'approve', 'reject', 'withdraw'), exception: one, dies })],
  [3, fc.record({ do: fc.constant('assess') })],
  [4, ofAssessment('attach')],
  [4, ofAssessment('submit')],
  [1, ofAssessment('send_back')],
  [3, ofAssessment('seal')],
]

/** What may happen next, with what happens often coming often. */
export const steps: fc.Arbitrary<Step> = fc.oneof(
  ...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary })),
)
