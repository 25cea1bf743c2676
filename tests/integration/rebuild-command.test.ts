import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { afterAll, describe, expect, test } from 'vitest'
import { parseRebuildCommand, type RebuildCommand, runRebuildCommand } from '../../jobs/rebuild-command.ts'
import { handleRebuild } from '../../jobs/rebuild-projections.ts'
import { AppError } from '../../server/errors.ts'
import { processEnvironment } from '../support/process-environment.ts'
import { seedSecondOrganization, seedSyncedOrganization } from '../support/seed.ts'

const scene = await seedSyncedOrganization()
const beside = await seedSecondOrganization(scene)
const { services, jobs, slug, organizationId } = scene
const admin = postgres(scene.db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())

const damage = () =>
  admin`update state.verdict set verdict = 'pass', reasons = '[]' where organization_id = ${organizationId}`
const signal = new AbortController().signal

async function run(command: Partial<RebuildCommand>) {
  const lines: string[] = []
  const isWell = await runRebuildCommand(
    services,
    { slug, isCheck: false, isQueued: false, ...command },
    { print: line => void lines.push(line), signal },
  )
  return { isWell, lines }
}

/** The command as it is typed. */
const typed = promisify(execFile)
const type = (...args: string[]) =>
  typed(process.execPath, ['jobs/rebuild.ts', ...args], { env: processEnvironment(scene) }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  )

describe('npm run rebuild', () => {
  test('says that every row is as it should be', async () => {
    const { isWell, lines } = await run({})
    expect(isWell).toBe(true)
    expect(lines.at(-1)).toMatch(
      new RegExp(`^${slug}: every row is what the events up to position \\d+ lead to\\.$`),
    )
  })

  test('with --check names what differs, changes nothing and does not count as well', async () => {
    await damage()
    const first = await run({ isCheck: true })
    expect(first.isWell).toBe(false)
    expect(first.lines.join('\n')).toMatch(
      /verdict: \d+ missing, \d+ too many.*\n.*control_id AC-\d\d, .*differs in/,
    )
    expect(first.lines.at(-1)).toBe(`${slug}: nothing was changed.`)
    expect((await run({ isCheck: true })).isWell).toBe(false)
  })

  test('without it mends', async () => {
    const { isWell, lines } = await run({})
    expect(isWell).toBe(true)
    expect(lines.at(-1)).toMatch(/: the tables are now what the events up to position \d+ lead to\.$/)
    expect((await run({ isCheck: true })).isWell).toBe(true)
  })

  test('takes all organizations, each with its own answer', async () => {
    await damage()
    const { isWell, lines } = await run({ slug: null, isCheck: true })
    expect(isWell).toBe(false)
    expect(lines).toContain(`${slug}: nothing was changed.`)
    expect(lines.filter(line => line.startsWith(`${beside.slug}: every row`))).toHaveLength(1)
  })

  test('leaves it to the workers with --queue; the job mends', async () => {
    const before = jobs.length
    expect((await run({ isQueued: true })).isWell).toBe(true)
    const [job] = jobs.slice(before)
    expect(job).toMatchObject({ name: 'rebuild-projections', payload: { organizationId, isCheck: false } })
    const asTaken = { retryCount: 0, expireInSeconds: 60, heartbeatSeconds: 60, signal }
    await handleRebuild(
      services,
      signal,
    )([{ id: 'a-job', name: 'rebuild-projections', data: job?.payload, ...asTaken }])
    expect((await run({ isCheck: true })).isWell).toBe(true)
  })

  test('says where there is no such organization', async () => {
    expect(await run({ slug: 'nobody' })).toEqual({
      isWell: false,
      lines: ['There is no organization nobody.'],
    })
  })

  test('as a process ends with 1 where something differs', async () => {
    await damage()
    expect(await type('--organization', slug, '--check')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`${slug}: nothing was changed.`),
    })
  })

  test('shows how it is used where the words say no one thing', async () => {
    for (const args of [[], ['--all', '--organization', slug], ['--mend']]) {
      expect(() => parseRebuildCommand(args)).toThrow(AppError)
    }
    expect(await type()).toMatchObject({ code: 1, stderr: expect.stringMatching(/^npm run rebuild -- /) })
  })
})
