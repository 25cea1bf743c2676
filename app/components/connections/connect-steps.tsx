import { Code } from '../ui/code.tsx'
import { Steps } from '../ui/steps.tsx'
import type { ConnectorCard } from './answers.ts'

/** The steps at the source, each with the texts to paste there. */
export function ConnectSteps({ steps }: Pick<ConnectorCard, 'steps'>) {
  return (
    <Steps
      items={steps.map(step => ({
        title: step.title,
        children: (
          <>
            <ul className="list-disc space-y-1 ps-4 marker:text-ink-3">
              {step.details.map(detail => (
                <li key={detail}>{detail}</li>
              ))}
            </ul>
            {step.copies.length > 0 ? (
              <ul className="grid gap-1.5 pt-0.5">
                {step.copies.map(({ label, value }) => (
                  <li key={value}>
                    <Code value={value} copyLabel={`Copy ${label}`} />
                  </li>
                ))}
              </ul>
            ) : null}
          </>
        ),
      }))}
    />
  )
}
