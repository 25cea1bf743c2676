import type { ConnectorWords } from '../contract.ts'

/** What the product's pages say of Entra. */
export const entraWords: ConnectorWords = {
  signIn: 'Microsoft',
  console: 'Entra',
  roles:
    'An administrator grants consent once. The account that signs in needs the role Security Reader and no more: no Global Administrator, no guest.',
  account:
    'Use an account that stays: the connection hangs on it. When it is disabled or its sessions are revoked, the connection has to be authorized again.',
  permissions: 'API permissions of the app registration',
  stepsTitle: 'Three steps in Entra, typically under five minutes',
  steps: [
    {
      title: 'Register the app',
      details: [
        'Entra admin center → App registrations → New registration.',
        'Supported account types: accounts in this directory only (single tenant).',
        'Redirect URI: platform Web, with exactly the address shown here.',
      ],
      copies: 'redirect_uri',
    },
    {
      title: 'Grant Graph permissions',
      details: [
        'API permissions → Add a permission → Microsoft Graph → Delegated permissions: the four listed here.',
        'Remove User.Read, which every new registration starts with.',
        'Choose "Grant admin consent".',
      ],
      copies: 'scopes',
    },
    {
      title: 'Copy tenant and client credentials',
      details: [
        'Overview: the Application (client) ID and the Directory (tenant) ID.',
        'Certificates & secrets → New client secret: its Value (shown only once, not the Secret ID) and its expiry date.',
      ],
    },
  ],
  fields: {
    externalTenantId: {
      label: 'Directory (tenant) ID',
      hint: 'On the app registration’s Overview page.',
      where: 'Copy the Directory (tenant) ID from the app registration’s Overview page.',
    },
    clientId: {
      label: 'Application (client) ID',
      hint: 'On the same page.',
      where: 'Copy the Application (client) ID from the app registration’s Overview page.',
    },
    clientSecret: {
      label: 'Client secret (its Value)',
      hint: 'Under Certificates & secrets: the column Value, not the Secret ID.',
      where:
        'Paste the client secret’s Value, not its Secret ID. The portal shows it once, right after the secret was made; if it is gone, make a new secret.',
    },
    secretExpiresOn: {
      label: 'Client secret expires on',
      hint: 'The column Expires. Microsoft does not let us read it; we warn 30, 14 and 7 days before.',
      where: 'Give the date from the column Expires, so that we can warn you before it.',
    },
    cloud: {
      label: 'Cloud',
      hint: 'Where the directory lives. Nearly always Global.',
      where: 'Pick one of the listed clouds.',
    },
  },
  newSecret: 'Make a new secret under Certificates & secrets of the app registration.',
  canOnlyRead: 'An app that may do more than read is refused when it connects, and at every later refresh.',
  cannotSee:
    'Passwords, mail and files. Members of the groups that policies exclude: no permission for that is asked for, so such an exclusion is named, not resolved.',
  afterRevoking:
    'Microsoft offers no way for an application to give its grant back. To take it away in the directory too: Enterprise applications → the application → Permissions → review and revoke, or delete the app registration.',
}
