import { format } from 'node:util'

let unexpected: string[] = []

/** Puts a watch on console.error for the rest of the file. */
export function watchConsoleErrors(): void {
  const print = console.error
  console.error = (...values: unknown[]) => {
    const text = format(...values)
    unexpected.push(text)
    print(...values)
  }
}

export function takeUnexpectedErrors(): string[] {
  const taken = unexpected
  unexpected = []
  return taken
}
