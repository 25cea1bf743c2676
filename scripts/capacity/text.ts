import type { MeasuredFigures } from './figures.ts'
import { type Capacity, type Demand, oneDatabase } from './model.ts'

/** The answer of one question, for people. */
export function capacityText(demand: Demand, capacity: Capacity, measured: MeasuredFigures): string {
  const { graph } = capacity
  const [first] = capacity.shares
  const lines: [string, string][] = [
    ['syncs', `${figure(capacity.syncsPerSecond)} a second`],
    [
      'Graph',
      `${figure(graph.requestsPerSecond)} requests a second, ${graph.requestsPerSync} for a sync; the limits of one tenant let it last ${figure(graph.secondsPerSync)} s (a directory of ${whole(graph.largestDirectory)} fills the hour)`,
    ],
    ['events', `${whole(capacity.eventsPerDay)} a day, ${figure(capacity.appendsPerSecond)} a second`],
    [
      'storage',
      `${bytes(capacity.bytesPerDay)} a day, ${bytes(capacity.bytesOverRetention)} over ${demand.retentionYears} years`,
    ],
    ['workers', `${cores(capacity.workerCores)}, a process each`],
    [
      'web',
      capacity.webCores === null
        ? `${figure(capacity.pagesPerSecondAtPeak)} pages a second at the peak; what a process serves is not measured`
        : `${figure(capacity.pagesPerSecondAtPeak)} pages a second at the peak: ${cores(capacity.webCores)}, a process each`,
    ],
    ['database', `${cores(capacity.databaseCores)} at most`],
    [
      'ends first',
      first
        ? `${first.resource}: ${figure(100 * first.share)} % of one PostgreSQL (${oneDatabase.cores} cores, ${bytes(oneDatabase.bytes)})`
        : '–',
    ],
  ]
  const head = `${whole(demand.organizations)} organizations of ${whole(demand.users)} accounts, ${figure(100 * demand.dailyChange)} % of them changing in a day\n`
  const source = measured.documented.length
    ? `\nNot measured on this machine, so taken from docs/measured.json: ${measured.documented.join(', ')}.`
    : ''
  return [
    head,
    ...lines.map(([name, words]) => `  ${name.padEnd(11)}${words}`),
    `\nWorked out from figures of ${measured.machine}. docs/scale.md says what is measured and what is calculated.${source}`,
  ].join('\n')
}

export const figure = (number: number) => number.toLocaleString('en', { maximumSignificantDigits: 3 })
export const whole = (number: number) => Math.round(number).toLocaleString('en')

/** Cores are had whole. */
export function cores(number: number): string {
  const needed = Math.max(1, Math.ceil(number))
  return needed === 1 ? 'one core' : `${whole(needed)} cores`
}

export function bytes(number: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']
  const step = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, number)) / 10)))
  return `${figure(number / 1024 ** step)} ${units[step]}`
}
