/** One line of CSV (RFC 4180), its cells made harmless to spreadsheets. */
export const csvLine = (cells: readonly (string | number | null)[]): string =>
  `${cells.map(cell => quote(neutralise(cell === null ? '' : String(cell)))).join(',')}\r\n`

/**
 * A spreadsheet runs cells that begin like a formula (OWASP, "CSV Injection"); an apostrophe before them makes them
 * text. Numbers with a sign stay numbers.
 */
export function neutralise(cell: string): string {
  const isFormula = /^[\s\p{Cc}]*[=+\-@＝＋－＠]/u.test(cell) || /^[\t\r\n]/.test(cell)
  return isFormula && !/^[+-]?\d+(\.\d+)?$/.test(cell) ? `'${cell}` : cell
}

const quote = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
