import type { EventData } from './answers.ts'

/** What a stream is about, in words. */
export const STREAM_NAMES: Record<EventData['streamType'], string> = {
  organization: 'Organization',
  member: 'Members',
  connection: 'Connections',
  run: 'Sync runs',
  evidence: 'Evidence',
  account: 'Accounts',
  exception: 'Exceptions',
  review: 'Reviews',
  control: 'Controls',
  export: 'Exports',
  verification: 'Verifications',
  retention: 'Retention',
  webhook: 'Webhooks',
  subscription: 'Checkpoint subscriptions',
  assessment: 'Assessments',
  sample: 'Samples',
  access: 'Auditors’ access',
  alert: 'Alerts',
  alert_channel: 'Alert channels',
}
