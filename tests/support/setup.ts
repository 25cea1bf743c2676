import { afterEach, beforeEach } from 'vitest'
import { forgetExpectedErrors, takeUnexpectedErrors, watchConsoleErrors } from './console.ts'

watchConsoleErrors()

beforeEach(() => forgetExpectedErrors())

afterEach(() => {
  const unexpected = takeUnexpectedErrors()
  if (unexpected.length > 0) {
    throw new Error(`console.error was called by surprise:\n${unexpected.join('\n')}`)
  }
})
