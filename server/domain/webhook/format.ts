/** What the body of a message looks like. All are signed; only `standard` is for programs. */
export const webhookFormats = ['standard', 'slack', 'teams'] as const
export type WebhookFormat = (typeof webhookFormats)[number]

export const webhookFormatNames: Readonly<Record<WebhookFormat, string>> = {
  standard: 'Standard Webhooks (JSON, signed)',
  slack: 'Slack',
  teams: 'Microsoft Teams (Workflows)',
}

export const formatNamed = (name: string): WebhookFormat =>
  webhookFormats.find(format => format === name) ?? 'standard'
