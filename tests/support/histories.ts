import fc from 'fast-check'
import type { AccountClass } from '../../server/domain/account/class.ts'
import { declarableClasses } from '../../server/domain/account/declaration.ts'
import { catalogue, latestCatalogueVersion } from '../../server/domain/control/catalogue.ts'
import { type ControlId, type ThresholdId, thresholdIds } from '../../server/domain/control/definition.ts'
import { type Verdict, verdicts } from '../../server/domain/control/judgement.ts'
import {
  type EvidenceKind,
  evidenceKinds,
  type UnavailableReason,
  unavailableReasons,
} from '../../server/domain/evidence/kinds.ts'
import { type Role, roles } from '../../server/domain/member/roles.ts'

const controlIds = catalogue(latestCatalogueVersion).controls.map(control => control.id)

/** What a run finds of a kind: some of the subjects with another content or gone, all as before, or nothing. */
export type Found =
  | { do: 'attach'; subjects: readonly { subject: number; content: number | null }[] }
  | { do: 'reaffirm' }
  | { do: 'miss'; reason: UnavailableReason }

/** What can happen to an organization, after a pause in milliseconds. What cannot happen then does not. */
export type Step = { pause: number } & (
  | { do: 'connect'; directory: number }
  | { do: 'reauthorize' | 'rescope' | 'replace_secret' | 'revoke'; directory: number }
  | { do: 'refuse'; directory: number; remedy: 'reauthorize' | 'fix_application' }
  | { do: 'run'; directory: number; found: readonly (readonly [EvidenceKind, Found])[] }
  | { do: 'break_off'; directory: number }
  | {
      do: 'judge'
      directory: number
      controls: readonly ControlId[]
      verdict: Verdict
      change: { after: number; verdict: Verdict } | null
    }
  | { do: 'join' | 'change_role'; person: number; role: Role }
  | { do: 'leave'; person: number }
  | { do: 'adopt_catalogue' }
  | { do: 'keep_for'; years: number }
  | { do: 'erase' | 'complete_erasure' | 'lift_erasure'; erased: number }
  | { do: 'ask_deletion' | 'cancel_deletion' }
  | { do: 'require_second_factor'; isRequired: boolean }
  | { do: 'set_threshold'; thresholdId: ThresholdId; value: number }
  | { do: 'scope_control'; controlId: string; isInScope: boolean }
  | { do: 'scope_source'; directory: number; isInScope: boolean }
  | { do: 'declare'; directory: number; subject: number; class: AccountClass; lasting: number | null }
  | {
      do: 'withdraw' | 'approve_administrator' | 'withdraw_administrator'
      directory: number
      subject: number
    }
  | {
      do: 'review'
      directory: number
      subject: number
      of: 'policy_change' | 'sign_in' | 'corrected_sign_in' | 'guests'
    }
  | { do: 'request_exception'; directory: number; subject: number; controlId: string; lasting: number }
  | { do: 'approve' | 'reject' | 'withdraw_exception'; exception: number }
)

const minute = 60_000
const minutes = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map(count => count * minute)
/** Until a change by time alone; a few come about between judging and recording. */
const coming = fc.oneof(
  { weight: 4, arbitrary: minutes(1, 40 * 60) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
)

const pause = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 5, arbitrary: minutes(1, 3 * 60) },
  { weight: 3, arbitrary: minutes(3 * 60, 30 * 60) },
)
// Most happens in the first directory: two of them rarely pass together.
const directory = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) })
const person = fc.nat({ max: 2 })

const subjects = fc.uniqueArray(
  fc.record({ subject: fc.nat({ max: 4 }), content: fc.option(fc.nat({ max: 2 }), { freq: 3 }) }),
  { maxLength: 4, selector: each => each.subject },
)
const found: fc.Arbitrary<Found> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('attach'), subjects }) },
  { weight: 3, arbitrary: fc.constant({ do: 'reaffirm' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('miss'),
      reason: fc.oneof(fc.constant('licence'), fc.constantFrom(...unavailableReasons)),
    }),
  },
)
const verdict: fc.Arbitrary<Verdict> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('pass') },
  { weight: 1, arbitrary: fc.constantFrom(...verdicts) },
)
const someKinds = fc.oneof(
  { weight: 2, arbitrary: fc.constant([...evidenceKinds]) },
  { weight: 1, arbitrary: fc.shuffledSubarray([...evidenceKinds]) },
)
const run = someKinds.chain(kinds => fc.tuple(...kinds.map(kind => fc.tuple(fc.constant(kind), found))))

const subject = fc.nat({ max: 4 })
const lasting = minutes(1, 60 * 24)
const controlId = fc.constantFrom<string[]>(...controlIds)

/** What people decide. Exceptions are told apart by the order in which they were asked for. */
const decisions: readonly fc.Arbitrary<Step>[] = [
  fc.record({
    do: fc.constant('set_threshold'),
    pause,
    thresholdId: fc.constantFrom(...thresholdIds),
    value: fc.integer({ min: 1, max: 90 }),
  }),
  fc.record({ do: fc.constant('scope_control'), pause, controlId, isInScope: fc.boolean() }),
  fc.record({ do: fc.constant('scope_source'), pause, directory, isInScope: fc.boolean() }),
  fc.record({
    do: fc.constant('declare'),
    pause,
    directory,
    subject,
    class: fc.constantFrom(...declarableClasses),
    lasting: fc.option<number, null>(lasting, { nil: null }),
  }),
  fc.record({
    do: fc.constantFrom('withdraw', 'approve_administrator', 'withdraw_administrator'),
    pause,
    directory,
    subject,
  }),
  fc.record({
    do: fc.constant('review'),
    pause,
    directory,
    subject,
    of: fc.constantFrom('policy_change', 'sign_in', 'corrected_sign_in', 'guests'),
  }),
  fc.record({ do: fc.constant('request_exception'), pause, directory, subject, controlId, lasting }),
  fc.record({
    do: fc.constantFrom('approve', 'approve', 'reject', 'withdraw_exception'),
    pause,
    exception: fc.nat({ max: 3 }),
  }),
]

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('connect', 'connect', 'reauthorize', 'rescope', 'replace_secret', 'revoke'),
      directory,
      pause,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('refuse'),
      directory,
      pause,
      remedy: fc.constantFrom('reauthorize', 'fix_application'),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('run'), directory, pause, found: run }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('break_off'), directory, pause }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('judge'),
      directory,
      pause,
      controls: fc.oneof(fc.constant(controlIds), fc.subarray([...controlIds])),
      verdict,
      change: fc.option(fc.record({ after: coming, verdict: fc.constantFrom(...verdicts) }), {
        freq: 2,
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('join', 'change_role'),
      person,
      pause,
      role: fc.constantFrom(...roles),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave'), person, pause }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('adopt_catalogue'), pause }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('keep_for'), pause, years: fc.integer({ min: 1, max: 30 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('erase', 'complete_erasure', 'lift_erasure'),
      pause,
      erased: subject,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('ask_deletion', 'cancel_deletion'), pause }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('require_second_factor'), pause, isRequired: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.oneof(...decisions) },
)

/** Without these most generated pasts would know nothing. */
const beginning: readonly Step[] = [
  { do: 'connect', directory: 0, pause: minute },
  {
    do: 'run',
    directory: 0,
    pause: minute,
    found: evidenceKinds.map(kind => [
      kind,
      { do: 'attach', subjects: [0, 1, 2].map(subject => ({ subject, content: 0 })) },
    ]),
  },
  { do: 'judge', directory: 0, pause: minute, controls: controlIds, verdict: 'pass', change: null },
]

/** A past of an organization: connecting, runs with all that they may find, verdicts, people, over hours and days. */
export const histories = (options: { minLength: number; maxLength: number }): fc.Arbitrary<readonly Step[]> =>
  fc.array(step, { ...options, size: 'max' }).map(steps => [...beginning, ...steps])
