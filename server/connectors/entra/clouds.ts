/** The Microsoft clouds a directory can live in. Hosts come from this table only, never from what somebody typed. */
export interface Cloud {
  readonly id: string
  readonly name: string
  readonly portal: string
  readonly loginOrigin: string
  readonly graphOrigin: string
}

/** Sources: Entra "National clouds" and Graph "National cloud deployments". L4 and L5 share the login host. */
export const clouds: readonly Cloud[] = [
  {
    id: 'global',
    name: 'Global (also Microsoft 365 GCC)',
    portal: 'https://portal.azure.com',
    loginOrigin: 'https://login.microsoftonline.com',
    graphOrigin: 'https://graph.microsoft.com',
  },
  {
    id: 'usgov-l4',
    name: 'US Government L4 (GCC High)',
    portal: 'https://portal.azure.us',
    loginOrigin: 'https://login.microsoftonline.us',
    graphOrigin: 'https://graph.microsoft.us',
  },
  {
    id: 'usgov-l5',
    name: 'US Government L5 (DoD)',
    portal: 'https://portal.azure.us',
    loginOrigin: 'https://login.microsoftonline.us',
    graphOrigin: 'https://dod-graph.microsoft.us',
  },
  {
    id: 'china',
    name: 'China (operated by 21Vianet)',
    portal: 'https://portal.azure.cn',
    loginOrigin: 'https://login.partner.microsoftonline.cn',
    graphOrigin: 'https://microsoftgraph.chinacloudapi.cn',
  },
]

/** @throws {Error} for an id that is not in the table. */
export function cloudById(id: string): Cloud {
  const cloud = clouds.find(candidate => candidate.id === id)
  if (!cloud) throw new Error('unknown cloud')
  return cloud
}
