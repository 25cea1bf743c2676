import { productName } from '../../product.ts'
import type { Findings } from '../findings.ts'
import type { IdMaker } from './identifiers.ts'
import { properties } from './properties.ts'

/** The tool that looked, and each directory that it looked at. */
export function components({ evidence, labels }: Findings, id: IdMaker): object[] {
  return [
    {
      uuid: toolId(id),
      type: 'software',
      title: productName,
      description:
        'Reads the directories with read-only permissions and judges the controls by the rules of the catalogue.',
      status: { state: 'operational' },
    },
    ...evidence.map(({ sourceId, connectorName, externalTenantId, status }) => ({
      uuid: sourceId,
      type: 'service',
      title: `${connectorName} ${labels.get(sourceId) ?? externalTenantId}`,
      description: `The directory ${externalTenantId}, as it was read through ${connectorName}.`,
      props: properties({ 'tenant-id': externalTenantId, 'connection-status': status }),
      status: { state: status === 'revoked' ? 'other' : 'operational' },
    })),
  ]
}

export const toolId = (id: IdMaker): string => id('tool')

/** Who observed: the tool. */
export const madeByTool = (id: IdMaker) => [{ actors: [{ type: 'tool', 'actor-uuid': toolId(id) }] }]
