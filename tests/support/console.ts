import { format } from 'node:util'

let unexpected: string[] = []
let isWatching = false

/** Puts a watch on console.error for the rest of the process: one, however many files it runs. */
export function watchConsoleErrors(): void {
  if (isWatching) return
  isWatching = true
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
