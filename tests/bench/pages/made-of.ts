import { reviewsFor } from '../../../app/lib/reviews.ts'
import type { Caller } from '../../../server/trpc/router.ts'

/** What a page and the shell around it ask of their procedures. */
export type Page = () => Promise<unknown>

type Asked<P extends (asked: never) => unknown> = Partial<Parameters<P>[0]>

/** The pages that show what grows, by what they are called; each asks as its route does. */
export async function pagesOf(caller: Caller, organization: string): Promise<ReadonlyMap<string, Page>> {
  const scope = { organization }
  const { controls, search, subject, connectionId, evidenceId, actor, middle, dayAgo } = await findPlaces(
    caller,
    scope,
  )
  const inventory = { ...scope, kind: 'user_inventory' } as const
  const position = String(middle.position)
  const past = { asOf: position }

  const overview = (asked: Asked<Caller['coverage']['overview']> = {}) =>
    Promise.all([caller.coverage.overview({ ...scope, ...asked }), caller.connectors.list(scope)])
  const control = async (controlId: string) => {
    const asked = { ...scope, controlId }
    await Promise.all([caller.controls.get(asked), caller.exceptions.list(asked), caller.memberList(scope)])
    if (controlId === 'AC-10') await caller.accounts.administrators(scope)
    await reviewsFor(caller, scope, controlId)
  }
  const kind = (asked: Asked<Caller['evidence']['population']> = {}) => {
    const { asOf } = asked
    return Promise.all([
      caller.evidence.kind({ ...inventory, asOf }),
      caller.evidence.population({ ...inventory, ...asked }),
    ])
  }
  const audit = (asked: Asked<Caller['ledger']['events']> = {}) =>
    Promise.all([
      caller.ledger.events({ ...scope, ...asked }),
      caller.ledger.head(scope),
      caller.ledger.stops(scope),
    ])

  const pages: [string, Page][] = [
    ['overview', () => overview()],
    ['overview, past', () => overview(past)],
    ['controls', () => caller.controls.list(scope)],
    ...controls.map((id): [string, Page] => [`control ${id}`, () => control(id)]),
    ['evidence', () => caller.evidence.list(scope)],
    ['population', () => kind()],
    ['population, search', () => kind({ search })],
    ['population, sorted', () => kind({ sort: '-login' })],
    ['population, middle', () => kind({ cursor: `after:${subject}` })],
    ['population, past', () => kind(past)],
    ['evidence row', () => caller.evidence.get({ ...scope, id: evidenceId })],
    ['accounts', () => caller.accounts.list(scope)],
    ['accounts, search', () => caller.accounts.list({ ...scope, search })],
    ['accounts, guests', () => caller.accounts.list({ ...scope, filter: 'guest' })],
    ['account', () => Promise.all([caller.accounts.get({ ...scope, subject }), caller.memberList(scope)])],
    ['audit', () => audit()],
    ['audit, middle', () => audit({ before: middle.position })],
    ['audit, one type', () => audit({ type: 'ConnectionConnected' })],
    ['audit, one actor', () => audit({ actor })],
    ['audit, alerts', () => audit({ streamType: 'alert' })],
    ['audit, one day', () => audit({ from: middle.from, to: middle.to })],
    [
      'event',
      () =>
        Promise.all([
          caller.ledger.event({ ...scope, position }),
          caller.ledger.inclusion({ ...scope, position }),
        ]),
    ],
    ['compare', () => caller.ledger.compare({ ...scope, against: dayAgo })],
    ['alerts', () => caller.alerts.list(scope)],
    ['members', () => caller.memberList(scope)],
    [
      'connection',
      () =>
        Promise.all([
          caller.connections.get({ ...scope, connectionId }),
          caller.connections.runs({ ...scope, connectionId, limit: 12 }),
        ]),
    ],
  ]
  return new Map(
    pages.map(([name, page]) => [name, () => Promise.all([caller.organizations.shell(scope), page()])]),
  )
}

const day = 86_400_000

/** What the pages are of: things of the organization, and the middle of its past. */
async function findPlaces(caller: Caller, scope: { organization: string }) {
  const [{ asOf, criteria }, { accounts }, { connections }, { history }] = await Promise.all([
    caller.controls.list(scope),
    caller.accounts.list({ ...scope, search: 'm' }),
    caller.connections.list(scope),
    caller.evidence.kind({ ...scope, kind: 'user_inventory' }),
  ])
  const middle = Math.floor(asOf.position / 2)
  const { event } = await caller.ledger.event({ ...scope, position: middle })
  const [actor] = (await caller.ledger.events(scope)).choices.actors.filter(({ isPerson }) => isPerson)
  const at = event.recordedAt.getTime()
  return {
    controls: [...new Set(criteria.flatMap(({ controls }) => controls.map(({ id }) => id)))].sort(),
    subject: known(accounts[0]).subjectKey,
    search: known(accounts[0]).name?.slice(0, 3).toLowerCase() ?? '',
    connectionId: known(connections[0]).id,
    evidenceId: known(history.rows[0]).id,
    actor: known(actor).id,
    middle: {
      position: middle,
      from: new Date(at).toISOString(),
      to: new Date(at + day).toISOString(),
    },
    dayAgo: new Date(asOf.instant.getTime() - day).toISOString(),
  }
}

function known<T>(thing: T | undefined): T {
  if (thing === undefined) throw new Error('the organization has none of what its pages show')
  return thing
}
