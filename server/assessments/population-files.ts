import type { Transaction } from '../../db/client.ts'
import { catalogue, controlOf } from '../domain/control/catalogue.ts'
import { populationColumns } from '../domain/evidence/population-cells.ts'
import type { PopulationRow } from '../domain/evidence/population-row.ts'
import { rowReader } from '../evidence/queries/population.ts'
import { chooseSource, listSources } from '../evidence/queries/sources.ts'
import { csvLine } from '../export/csv.ts'
import { firstCheckpointOver } from '../ledger/checkpoints.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import {
  controlPopulation,
  type MeasuredPopulation,
  populationAttachment,
  populationMeter,
} from './control-population.ts'
import { requireInScope } from './draw-sample.ts'
import { recordPopulationDownload } from './record-access.ts'
import { showSample } from './show-sample.ts'
import {
  type AssessmentRow,
  type Attachment,
  attachmentsOf,
  visibleAssessment,
} from './visible-assessments.ts'

type Filing = Pick<Services, 'connectors' | 'database' | 'ledger'>

/** A file to save. */
export interface SavedFile {
  /** Letters, digits, dots and hyphens only: it goes into a header. */
  filename: string
  pieces: AsyncIterable<string>
}

/**
 * A control's population of an attachment as a file: where it comes from, then every row, those that are left out with the
 * reason. It is counted first, and read again while it is sent. Records who took it.
 * @throws {AppError} not_found; precondition_failed for a control without a population
 */
export async function controlPopulationFile(
  services: Filing,
  access: Access,
  asked: { assessmentId: string; controlId: string; attachmentId: string },
): Promise<SavedFile> {
  const { organizationId } = access
  const { assessmentId, controlId } = asked
  const { attachment, head } = await services.ledger.query(
    organizationId,
    { kind: 'now' },
    async (transaction, { position }) => {
      const row = await visibleAssessment(transaction, access, position, assessmentId)
      requireInScope(row.controls, controlId)
      const attachments = await attachmentsOf(transaction, organizationId, position, assessmentId)
      const attachment = populationAttachment(attachments, asked)
      return { attachment, head: await headOf(services, transaction, access, row, controlId, attachment) }
    },
  )
  const population = { organizationId, controlId, attachment }
  const meter = populationMeter()
  for await (const members of controlPopulation(services, population)) members.forEach(meter.add)
  const measured = meter.measured()
  await recordPopulationDownload(services, access, {
    ...asked,
    evidenceId: attachment.evidenceId,
    sampleId: null,
  })
  return {
    filename: fileName('population', controlId, attachment),
    pieces: populationPieces(services, { head, population, measured }),
  }
}

/** A sample as a file, each row with its rank and its proof. Records who took it. @throws {AppError} not_found */
export async function sampleFile(
  services: Filing,
  access: Access,
  asked: { assessmentId: string; sampleId: string },
): Promise<SavedFile> {
  const { organizationId } = access
  const shown = await showSample(services, access, { kind: 'now' }, asked)
  const head = await services.database.withOrganization(organizationId, transaction =>
    headOf(services, transaction, access, shown.assessment, shown.sample.controlId, shown.attachment),
  )
  const { sample, attachment, rows } = shown
  await recordPopulationDownload(services, access, {
    ...asked,
    controlId: sample.controlId,
    attachmentId: attachment.attachmentId,
    evidenceId: attachment.evidenceId,
  })
  const lines = [
    ['# Sample of a population', head.title],
    ...headLines(head),
    ['# In the population', sample.populationCount],
    ['# Root over the keys of those in it (RFC 6962 with SHA-256)', sample.populationRoot],
    ['# Sample', sample.sampleId],
    ['# Seed', sample.seed],
    ['# Size', sample.size],
    ['# Way of drawing', `version ${sample.algorithm}: the smallest SHA-256(seed, 00, subject key)`],
    ['Rank', ...rowHeaders(attachment), 'Leaf index', 'Leaves', 'Proof, the sibling first'],
    ...(rows ?? []).map(row => [
      row.rank,
      ...rowCells(attachment, row),
      row.proof.index,
      row.proof.size,
      row.proof.hashes.join(' '),
    ]),
    ...(rows ? [] : [['Contents of the population were removed since: it cannot be drawn again here.']]),
  ]
  return {
    filename: fileName('sample', sample.controlId, attachment),
    pieces: (async function* () {
      yield lines.map(csvLine).join('')
    })(),
  }
}

interface FileHead {
  title: string
  organization: string
  directory: string
  assessment: string
  control: string
  attachment: Attachment
  checkpoint: string
}

type Line = (string | number | null)[]

const headLines = ({
  organization,
  directory,
  assessment,
  control,
  attachment,
  checkpoint,
}: FileHead): Line[] => [
  ['# Organization', organization],
  ['# Directory', directory],
  ['# Assessment', assessment],
  ['# Control', control],
  ['# As of', attachment.instant.toISOString()],
  ['# Ledger position', attachment.position],
  ['# Checkpoint', checkpoint],
  ['# Evidence', attachment.evidenceId],
  ['# Fingerprint (RFC 6962 root with SHA-256)', attachment.fingerprint],
  ['# Items', attachment.itemCount],
]

async function headOf(
  services: Filing,
  transaction: Transaction,
  { organizationId, name, simulated }: Access,
  row: AssessmentRow,
  controlId: string,
  attachment: Attachment,
): Promise<FileHead> {
  const sources = await listSources(services, transaction, organizationId, attachment.position)
  const { connectorName, externalTenantId } = chooseSource(sources, attachment.sourceId)
  const checkpoint = await firstCheckpointOver(transaction, organizationId, attachment.position)
  const { title } = controlOf(catalogue(row.catalogueVersion), controlId)
  return {
    title,
    organization: simulated ? `${name} (simulated clock)` : name,
    directory: `${connectorName} ${externalTenantId}`,
    assessment: `${row.name} ${row.id}`,
    control: `${controlId} ${title}`,
    attachment,
    checkpoint: checkpoint
      ? `${checkpoint.size} events, root ${checkpoint.root.toString('base64')}`
      : 'none yet covers this position',
  }
}

async function* populationPieces(
  services: Filing,
  { head, population, measured }: PopulationPieces,
): AsyncGenerator<string> {
  const { organizationId, attachment } = population
  const top: Line[] = [
    ['# Population', head.title],
    ...headLines(head),
    ['# In the population', measured.included],
    ['# Left out', measured.excluded],
    ['# Root over the keys of those in it (RFC 6962 with SHA-256)', measured.root],
    ['In the population', 'Why not', ...rowHeaders(attachment)],
  ]
  yield top.map(csvLine).join('')
  const asOf = { instant: attachment.instant, position: attachment.position, isNow: false }
  const reader = await services.database.withOrganization(organizationId, transaction =>
    rowReader(transaction, organizationId, attachment, asOf),
  )
  for await (const members of controlPopulation(services, population)) {
    yield members
      .map(({ standing, ...item }) =>
        csvLine([
          standing.isIncluded ? 'yes' : 'no',
          standing.isIncluded ? null : standing.reason,
          ...rowCells(attachment, reader.read(item)),
        ]),
      )
      .join('')
  }
}

interface PopulationPieces {
  head: FileHead
  population: { organizationId: string; controlId: string; attachment: Attachment }
  measured: MeasuredPopulation
}

const rowHeaders = ({ kind }: Attachment): string[] => [
  'Name',
  'Sign-in name',
  ...populationColumns[kind].map(column => column.header),
  'Subject key',
  'Item SHA-256',
]

const rowCells = ({ kind }: Attachment, row: PopulationRow): Line => [
  row.removed ?? row.name,
  row.login,
  ...populationColumns[kind].map(column => row.cells[column.key]?.text ?? null),
  row.subjectKey,
  row.itemHash,
]

const fileName = (what: string, controlId: string, { instant, attachmentId }: Attachment) =>
  `${what}-${controlId.toLowerCase()}-${instant.toISOString().slice(0, 10)}-${attachmentId.slice(-8)}.csv`
