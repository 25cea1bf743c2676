/** What Graph's ids and words in conditional access policies mean to people. */

/** Template ids of built-in directory roles (Microsoft, "Microsoft Entra built-in roles"): the same in every directory. */
export const roleTemplateNames: Readonly<Record<string, string>> = {
  '62e90394-69f5-4237-9190-012177145e10': 'Global Administrator',
  '194ae4cb-b126-40b2-bd5b-6091b380977d': 'Security Administrator',
  'e8611ab8-c189-46e8-94e1-60213ab1f814': 'Privileged Role Administrator',
  '7be44c8a-adaf-4e2a-84d6-ab2649e08a13': 'Privileged Authentication Administrator',
  'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9': 'Conditional Access Administrator',
  'c4e39bd9-1100-46d3-8c65-fb160da0071f': 'Authentication Administrator',
  'fe930be7-5e62-47db-91af-98c3a49a38b1': 'User Administrator',
  '729827e3-9c14-49f7-bb1b-9608f156bbb8': 'Helpdesk Administrator',
  '966707d0-3269-4727-9be2-8c3a10f19b9d': 'Password Administrator',
  'b0f54661-2d74-4c50-afa3-1ec803f12efe': 'Billing Administrator',
  '29232cdf-9323-42fd-ade2-1d097af3e4de': 'Exchange Administrator',
  'f28a1f50-f6e7-4571-818b-6a12f2af6b6c': 'SharePoint Administrator',
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3': 'Application Administrator',
  '158c047a-c907-4556-b7ef-446551a6b5f7': 'Cloud Application Administrator',
  'd29b2b05-8046-44ba-8758-1e26182fcf32': 'Directory Synchronization Accounts',
  'f2ef992c-3afb-46b9-b7cf-a126ee74c451': 'Global Reader',
  '5d6b6bb7-de71-4623-b4af-96380a352509': 'Security Reader',
}

export const appNames: Readonly<Record<string, string>> = {
  All: 'all apps',
  None: 'no app',
  Office365: 'Office 365',
  MicrosoftAdminPortals: 'the Microsoft admin portals',
  // Microsoft, "Conditional Access: target resources".
  '797f4846-ba00-4fd7-ba43-dac1f8f63013': 'the Azure management API',
}

export const userWords: Readonly<Record<string, string>> = {
  All: 'all users',
  None: 'nobody',
  GuestsOrExternalUsers: 'guests and external users',
}

export const guestTypeNames: Readonly<Record<string, string>> = {
  internalGuest: 'internal guests',
  b2bCollaborationGuest: 'collaboration guests',
  b2bCollaborationMember: 'collaboration members',
  b2bDirectConnectUser: 'direct connect users',
  otherExternalUser: 'other external users',
  serviceProvider: 'service providers',
}

export const clientNames: Readonly<Record<string, string>> = {
  browser: 'browsers',
  mobileAppsAndDesktopClients: 'mobile apps and desktop clients',
  exchangeActiveSync: 'Exchange ActiveSync',
  other: 'other legacy clients',
  easSupported: 'supported ActiveSync clients',
}

export const grantNames: Readonly<Record<string, string>> = {
  block: 'blocks access',
  mfa: 'a second factor',
  compliantDevice: 'a compliant device',
  domainJoinedDevice: 'a hybrid joined device',
  approvedApplication: 'an approved app',
  compliantApplication: 'an app with a protection policy',
  passwordChange: 'a password change',
}

export const locationNames: Readonly<Record<string, string>> = {
  All: 'any location',
  AllTrusted: 'all trusted locations',
}
