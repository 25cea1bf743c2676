import { afterAll, onTestFinished, TestRunner } from 'vitest'

/** Takes down what was set up: when the test is over that set it up, or the file whose top did. */
export function afterwards(takeDown: () => unknown) {
  const atEnd = async () => {
    await takeDown()
  }
  if (TestRunner.getCurrentTest()) onTestFinished(atEnd)
  else afterAll(atEnd)
}
