import { format } from 'node:util'

let expected: RegExp[] = []
let unexpected: string[] = []

/** Says that the running test makes the product print an error that matches; any other fails the test. */
export function expectConsoleError(pattern: RegExp): void {
  expected.push(pattern)
}

/** Puts a watch on console.error for the rest of the file. */
export function watchConsoleErrors(): void {
  const print = console.error
  console.error = (...values: unknown[]) => {
    const text = format(...values)
    if (expected.some(pattern => pattern.test(text))) return
    unexpected.push(text)
    print(...values)
  }
}

export function takeUnexpectedErrors(): string[] {
  const taken = unexpected
  unexpected = []
  return taken
}

export function forgetExpectedErrors(): void {
  expected = []
}
