import type { Plan, Step } from './plan.ts'

/** The plan as lines for a terminal. */
export function planLines({ steps, staying, workers }: Plan): string[] {
  const open = steps.filter(({ isDone }) => !isDone).length
  return [
    `Workers: ${workers.join(', ')}`,
    ...steps.map(step => `${step.isDone ? 'done ' : 'to do'}  ${stepName(step)}`),
    `Stay on the coordinator: ${staying.join(', ')}`,
    open === 0 ? 'Nothing is left to do.' : `${open} of ${steps.length} steps are left to do.`,
  ]
}

export function stepName(step: Step): string {
  switch (step.kind) {
    case 'body':
      return `body for Citus: ${step.signature}`
    case 'table':
      return step.isHead
        ? `distribute ${step.table.name} by organization_id`
        : `distribute ${step.table.name} beside the head`
    case 'function':
      return step.delegatedBy === null
        ? `function on every node: ${step.signature}`
        : `function that runs where its organization lies: ${step.signature}`
    case 'role':
      return `sessions of ${step.role} pass SET LOCAL on to workers`
    case 'local-copies':
      return `empty the coordinator's own copies of ${step.tables.length} tables`
  }
}
