import { afterEach } from 'vitest'
import { takeUnexpectedErrors, watchConsoleErrors } from './console.ts'

watchConsoleErrors()

afterEach(() => {
  const unexpected = takeUnexpectedErrors()
  if (unexpected.length > 0) {
    throw new Error(`console.error was called by surprise:\n${unexpected.join('\n')}`)
  }
})
