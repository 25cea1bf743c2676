import fc from 'fast-check'
import { testLaw } from '../support/law.ts'
import { openWorld } from '../support/world.ts'
import { expectVerifiedAndReplayed } from './interleavings/agreement.ts'
import { newModel } from './interleavings/model.ts'
import { StepCommand, steps } from './interleavings/steps.ts'

/*
 * Whatever happens in whatever order, and wherever a process dies over it: after each step the product stands where a
 * simple model does, and every invariant of the ledger, the projections, the alerts and the queue holds. The whole ledger is
 * verified and replayed where a process died, after every eighth step and at the end.
 */
testLaw(
  'connections, runs, decisions, assessments, faults, deaths and clocks interleave without harm',
  fc.asyncProperty(
    // What cannot happen then is left out: some 50 of them do, or fewer.
    fc.commands([steps.map(step => new StepCommand(step))], { maxCommands: 120, size: 'max' }),
    async commands => {
      const real = await openWorld()
      try {
        await fc.asyncModelRun(() => ({ model: newModel(), real }), commands)
        await expectVerifiedAndReplayed(real)
      } finally {
        await real.stop()
      }
    },
  ),
  { runs: 1, seconds: 150, seed: 21 },
)
