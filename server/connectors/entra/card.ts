/** What the connector's page tells a customer before connecting. */
export const entraCard = {
  /** Who has to be there, and with how much power. */
  roles:
    'An administrator grants consent once. The account that signs in needs the role Security Reader and no more: no Global Administrator, no guest.',
  account:
    'Use an account that stays: the connection hangs on it. When it is disabled or its sessions are revoked, the connection has to be authorized again.',
  steps: [
    {
      title: 'Register the app',
      details: [
        'Entra admin center → App registrations → New registration.',
        'Supported account types: accounts in this directory only (single tenant).',
        'Redirect URI: platform Web, with exactly the address shown here.',
      ],
    },
    {
      title: 'Grant Graph permissions',
      details: [
        'API permissions → Add a permission → Microsoft Graph → Delegated permissions: the four listed here.',
        'Remove User.Read, which every new registration starts with.',
        'Choose "Grant admin consent".',
      ],
    },
    {
      title: 'Copy tenant and client credentials',
      details: [
        'Overview: the Application (client) ID and the Directory (tenant) ID.',
        'Certificates & secrets → New client secret: its Value (shown only once, not the Secret ID) and its expiry date.',
      ],
    },
  ],
  afterRevoking:
    'Microsoft offers no way for an application to give its grant back. To take it away in the directory too: Enterprise applications → the application → Permissions → review and revoke, or delete the app registration.',
} as const
