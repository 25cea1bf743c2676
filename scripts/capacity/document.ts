import type { MeasuredFigures } from './figures.ts'
import { type Capacity, capacityOf, graphLimits, oneDatabase, usualDemand } from './model.ts'
import { bytes, cores, figure, whole } from './text.ts'

const users = 2_000
const sizes = [100, 1_000, 10_000, 100_000, 1_000_000]

const at = (measured: MeasuredFigures, organizations: number): Capacity =>
  capacityOf({ ...usualDemand, organizations, users }, measured)

/** docs/scale.md: what 10² to 10⁶ organizations take. */
export function scaleDocument(measured: MeasuredFigures): string {
  const rows = sizes.map(organizations => ({ organizations, ...at(measured, organizations) }))
  const table = (head: readonly string[], body: readonly string[][]) =>
    [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...body]
      .map(cells => `| ${cells.join(' | ')} |`)
      .join('\n')
  const ends = rows.map(({ organizations, shares }) => [
    whole(organizations),
    ...(['database storage', 'database processors', 'appends'] as const).map(
      resource => `${figure(100 * (shares.find(share => share.resource === resource)?.share ?? 0))} %`,
    ),
    shares[0] && shares[0].share > 1 ? shares[0].resource : 'nothing',
  ])
  const { graph } = at(measured, 1)
  return `# Scale

What so many organizations take, worked out by \`npm run capacity -- --organizations N --users N\` from what \`npm run bench\` measured. This page is written by \`npm run capacity -- --document\`: organizations of ${whole(users)} accounts, ${figure(100 * usualDemand.dailyChange)} % of them changing in a day, evidence kept for ${usualDemand.retentionYears} years, ${usualDemand.readers} people in each who open ${usualDemand.pagesPerReader} pages a working day.

![Shares of one PostgreSQL by number of organizations](images/scale.svg)

${table(
  [
    'organizations',
    'syncs a second',
    'Graph requests a second',
    'events a day',
    'growth a day',
    `after ${usualDemand.retentionYears} years`,
  ],
  rows.map(row => [
    whole(row.organizations),
    figure(row.syncsPerSecond),
    figure(row.graph.requestsPerSecond),
    whole(row.eventsPerDay),
    bytes(row.bytesPerDay),
    bytes(row.bytesOverRetention),
  ]),
)}

${table(
  ['organizations', 'workers', 'web', 'database, at most', 'pages a second at the peak'],
  rows.map(row => [
    whole(row.organizations),
    cores(row.workerCores),
    row.webCores === null ? 'not measured' : cores(row.webCores),
    cores(row.databaseCores),
    figure(row.pagesPerSecondAtPeak),
  ]),
)}

## What ends first

Shares of one PostgreSQL with ${oneDatabase.cores} cores and ${bytes(oneDatabase.bytes)} of room. Above 100 % it takes several, each with organizations of its own.

${table(['organizations', 'storage', 'processors', 'appends', 'beyond one'], ends)}

Graph never ends first: its limits count for each tenant, and every organization brings an app registration of its own. A sync of ${whole(users)} accounts makes ${graph.requestsPerSync} requests and lasts ${figure(graph.secondsPerSync)} s at least; the report on registered second factors (${graphLimits.reportsPerTenSeconds} requests in 10 s) lets a directory of ${whole(graph.largestDirectory)} accounts be read within the hour.

## Measured

On ${measured.machine}, client, server and source sharing them:

${table(
  ['figure', 'value'],
  [
    ...[...measured.syncSeconds]
      .sort(([one], [other]) => one - other)
      .map(([size, seconds]) => [
        `hourly sync of ${whole(size)} accounts in which nothing changed`,
        `${figure(seconds)} s`,
      ]),
    ['events of such a sync', whole(measured.syncEvents)],
    ['tables and indexes of such a sync', bytes(measured.syncBytes)],
    ['tables and indexes of a new or changed account', bytes(measured.accountBytes)],
    ['single events appended, 16 connections', `${whole(measured.appends)} a second`],
    [
      'overviews served by a process',
      measured.pages === null ? 'not measured' : `${figure(measured.pages)} a second`,
    ],
  ],
)}

## Calculated

- Everything in the tables above. A sync between two measured sizes lies on the line between them; one of a smaller directory costs as much as the smallest.
- A core is used to 60 %. A sync's whole time counts once for the workers and once for the database, although the two share it: both are upper bounds.
- Appends grow with half of the database's cores, as two cores gave what was measured.
- A tenant's answers may be slow; a sync that waits takes a place in a worker, and no processor.
- Half of a day's pages fall into two hours.
- Not worked out: mail, webhooks, exports, backups, replicas, and the room that a log of changes takes.
`
}

const plot = { width: 760, height: 380, left: 84, right: 150, top: 20, bottom: 44 }
const shown = [
  { resource: 'database storage', color: '#0f766e', dash: '' },
  { resource: 'database processors', color: '#b45309', dash: '6 4' },
  { resource: 'appends', color: '#4338ca', dash: '2 3' },
]

/** Shares of one PostgreSQL over the number of organizations, both on logarithmic axes. */
export function scalePlot(measured: MeasuredFigures): string {
  const points = Array.from({ length: 41 }, (_, step) => 10 ** (2 + step / 10))
  const rows = points.map(organizations => ({ organizations, ...at(measured, organizations) }))
  const x = (organizations: number) =>
    plot.left + ((Math.log10(organizations) - 2) / 4) * (plot.width - plot.left - plot.right)
  const [low, high] = [-6, 2]
  const y = (share: number) =>
    plot.top + ((high - Math.log10(share)) / (high - low)) * (plot.height - plot.top - plot.bottom)
  const right = plot.width - plot.right
  const grid = Array.from({ length: high - low + 1 }, (_, step) => 10 ** (low + step)).map(
    share =>
      `<line x1="${plot.left}" x2="${right}" y1="${y(share)}" y2="${y(share)}" stroke="#d4d4d8" stroke-width="${share === 1 ? 2 : 1}"/>` +
      `<text x="${plot.left - 8}" y="${y(share) + 4}" text-anchor="end">${figure(100 * share)} %</text>`,
  )
  const ticks = [2, 3, 4, 5, 6].map(
    power =>
      `<text x="${x(10 ** power)}" y="${plot.height - 22}" text-anchor="middle">${whole(10 ** power)}</text>`,
  )
  const lines = shown.map(({ resource, color, dash }) => {
    const shares = rows.map(({ organizations, shares }) => ({
      organizations,
      share: shares.find(each => each.resource === resource)?.share ?? 0,
    }))
    const path = shares.map(
      ({ organizations, share }) => `${x(organizations).toFixed(1)},${y(share).toFixed(1)}`,
    )
    const end = y(shares.at(-1)?.share ?? 1)
    return (
      `<polyline points="${path.join(' ')}" fill="none" stroke="${color}" stroke-width="2"${dash && ` stroke-dasharray="${dash}"`}/>` +
      `<text x="${right + 8}" y="${end.toFixed(1)}" fill="${color}">${resource}</text>`
    )
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${plot.width} ${plot.height}" font-family="system-ui, sans-serif" font-size="12" fill="#3f3f46" role="img">
<title>Shares of one PostgreSQL by number of organizations</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${[...grid, ...ticks, ...lines].join('\n')}
<text x="${(plot.left + right) / 2}" y="${plot.height - 4}" text-anchor="middle">organizations of ${whole(users)} accounts</text>
</svg>
`
}
