/** What a webhook's messages look like, in words. */
export const FORMAT_NAMES = {
  standard: 'Standard Webhooks: signed JSON',
  slack: 'Slack',
  teams: 'Microsoft Teams',
} as const
