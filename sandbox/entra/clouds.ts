import type { CloudId } from './types.ts'

/** Login and Graph hosts per cloud. Source: Entra "National clouds" and Graph "National cloud deployments". */
export const clouds: Record<CloudId, { login: string; graph: string }> = {
  global: { login: 'https://login.microsoftonline.com', graph: 'https://graph.microsoft.com' },
  'usgov-l4': { login: 'https://login.microsoftonline.us', graph: 'https://graph.microsoft.us' },
  'usgov-l5': { login: 'https://login.microsoftonline.us', graph: 'https://dod-graph.microsoft.us' },
  china: {
    login: 'https://login.partner.microsoftonline.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
  },
}
