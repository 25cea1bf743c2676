import type { AlertKind } from '../domain/alert/causes.ts'
import type { NewsStanding } from '../domain/alert/news.ts'
import { minuteWords } from '../domain/minute-words.ts'
import type { Mail } from '../mail.ts'
import { productName } from '../product.ts'
import type { Note } from '../webhooks/render-body.ts'

/** What one message tells, whatever carries it. */
export interface AlertMessage {
  organizationId: string
  organizationName: string
  slug: string
  /** The address of the organization's pages. */
  baseUrl: string
  at: Date
  alerts: readonly ToldAlert[]
}

export interface ToldAlert {
  alertId: string
  kind: AlertKind
  standing: NewsStanding
  since: Date
  title: string
  meaning: string
  /** How it ended; null while it is open. */
  ending: string | null
  step: { label: string; to: string }
}

/** One line over all of it: what a mail's subject and a notification say. */
export function alertTitle({ organizationName, alerts }: AlertMessage): string {
  const [first, ...others] = inOrder(alerts)
  if (!first) return `${organizationName}: nothing new`
  const words = `${prefixes[first.standing]}${first.title}`
  return `${organizationName}: ${words}${others.length > 0 ? `, and ${others.length} more` : ''}`
}

const prefixes: Readonly<Record<NewsStanding, string>> = { new: '', open: 'Still: ', over: 'Over: ' }

/** What is told first: what is new, then what is still open, then what is over. */
const inOrder = (alerts: readonly ToldAlert[]) =>
  alerts.toSorted((one, other) => order.indexOf(one.standing) - order.indexOf(other.standing))

const order: readonly NewsStanding[] = ['new', 'open', 'over']

/** The message as people read it. */
export const alertNote = (message: AlertMessage): Note => ({
  title: alertTitle(message),
  items: inOrder(message.alerts).map(alert => ({
    heading: `${prefixes[alert.standing]}${alert.title}`,
    text: sentencesOf(alert),
    link:
      alert.standing === 'over'
        ? null
        : { label: alert.step.label, url: `${message.baseUrl}/${alert.step.to}` },
  })),
  link: { label: 'All alerts', url: `${message.baseUrl}/alerts` },
})

/** The message as a program gets it. */
export const alertBody = ({ organizationId, slug, baseUrl, at, alerts }: AlertMessage): object => ({
  type: 'alerts',
  timestamp: at.toISOString(),
  data: {
    organization: { id: organizationId, slug },
    alerts: alerts.map(({ alertId, kind, standing, since, title, meaning, ending, step }) => ({
      id: alertId,
      cause: kind,
      standing,
      since: since.toISOString(),
      title,
      meaning,
      ending,
      step: { label: step.label, url: `${baseUrl}/${step.to}` },
    })),
    url: `${baseUrl}/alerts`,
  },
})

export function alertMail(message: AlertMessage, { to, messageId }: { to: string; messageId: string }): Mail {
  return {
    to,
    messageId,
    subject: alertTitle(message),
    text: [
      ...inOrder(message.alerts).flatMap(alert => [
        `${prefixes[alert.standing]}${alert.title}.\n${sentencesOf(alert)}`,
        ...(alert.standing === 'over' ? [] : [`${alert.step.label}:`, `${message.baseUrl}/${alert.step.to}`]),
      ]),
      'All alerts:',
      `${message.baseUrl}/alerts`,
      `You get this from ${productName} because you chose it. Change what you get, or end it:`,
      `${message.baseUrl}/settings/alerts`,
    ].join('\n\n'),
  }
}

const sentencesOf = ({ standing, since, meaning, ending }: ToldAlert) =>
  standing === 'over'
    ? `It began at ${minuteWords(since)}. ${ending ?? ''}`.trim()
    : `Since ${minuteWords(since)}. ${meaning}`
