import { expect, test } from 'vitest'
import { onePage, tableFile } from '../../server/export/table-file.ts'

test('what a person wrote runs in no spreadsheet, in a row or in a filter', async () => {
  const { filename, pieces } = tableFile(
    { slug: 'acme', name: '=1+1', simulated: true },
    { instant: new Date('2026-11-15T06:00:00Z'), position: 7 },
    {
      title: 'Audit trail',
      filters: { by: '@someone', about: '', from: undefined },
      columns: [
        ['Name', (row: { name: string; at: Date }) => row.name],
        ['At', row => row.at],
        ['Open', () => true],
        ['None', () => null],
      ],
      pages: onePage([{ name: '=HYPERLINK("x")', at: new Date(0) }]),
    },
  )
  let text = ''
  for await (const piece of pieces) text += piece
  expect(filename).toBe('audit-trail-acme-2026-11-15.csv')
  expect(text.split('\r\n')).toEqual([
    '# Table,Audit trail',
    "# Organization,'=1+1 (simulated clock)",
    '# As of,2026-11-15T06:00:00.000Z',
    '# Ledger position,7',
    "# Only by,'@someone",
    'Name,At,Open,None',
    `"'=HYPERLINK(""x"")",1970-01-01T00:00:00.000Z,yes,`,
    '',
  ])
})
