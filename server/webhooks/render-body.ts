import type { WebhookFormat } from '../domain/webhook/format.ts'

/** What is said to people, whatever shows it. Texts are plain: each format escapes them by its own rules. */
export interface Note {
  readonly title: string
  readonly items: readonly {
    readonly heading: string
    readonly text: string
    readonly link: { readonly label: string; readonly url: string } | null
  }[]
  readonly link: { readonly label: string; readonly url: string }
}

/** A message's body. `standard` is what a program gets, the note what people get. */
export function renderBody(format: WebhookFormat, note: Note, standard: object): string {
  switch (format) {
    case 'standard':
      return JSON.stringify(standard)
    case 'slack':
      return JSON.stringify(slackMessage(note))
    case 'teams':
      return JSON.stringify(teamsMessage(note))
  }
}

/** Slack takes at most 50 blocks, 150 characters in a header and 3,000 in a section. */
const mostItems = 40

/**
 * A message for a Slack incoming webhook: Block Kit, with the title as the text of notifications. `&`, `<` and `>` are
 * escaped, so that no text can mention anybody or become a link. Source: Slack, "Formatting text for app surfaces".
 */
function slackMessage({ title, items, link }: Note): object {
  const shown = items.slice(0, mostItems)
  return {
    text: slackText(title),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: clipped(title, 150), emoji: false } },
      ...shown.map(({ heading, text, link }) => ({
        type: 'section',
        text: {
          type: 'mrkdwn',
          text: clipped(
            `*${slackText(heading)}*\n${slackText(text)}${link ? `\n<${slackUrl(link.url)}|${slackText(link.label)}>` : ''}`,
            3000,
          ),
          verbatim: true,
        },
      })),
      {
        type: 'context',
        elements: [
          {
            type: 'mrkdwn',
            text: `${moreWords(items)}<${slackUrl(link.url)}|${slackText(link.label)}>`,
            verbatim: true,
          },
        ],
      },
    ],
  }
}

const slackText = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    // Marks of bold, italic, struck and code would change what is shown.
    .replace(/[*_~`]/g, mark => `\u200b${mark}`)

const slackUrl = (url: string) => url.replaceAll('|', '%7C').replaceAll('>', '%3E').replaceAll('&', '&amp;')

/**
 * A message for the Teams workflow "When a Teams webhook request is received", which takes Adaptive Cards alone, each as
 * an attachment of a message. Source: Microsoft Teams, "Create incoming webhooks with Workflows".
 */
function teamsMessage({ title, items, link }: Note): object {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body: [
            textBlock(title, { size: 'Medium', weight: 'Bolder' }),
            ...items
              .slice(0, mostItems)
              .flatMap(({ heading, text, link }) => [
                textBlock(heading, { weight: 'Bolder', spacing: 'Medium', separator: true }),
                textBlock(text, { spacing: 'Small' }),
                ...(link
                  ? [
                      textBlock(
                        `[${teamsText(link.label)}](${encodeURI(link.url)})`,
                        { spacing: 'Small' },
                        true,
                      ),
                    ]
                  : []),
              ]),
            ...(items.length > mostItems ? [textBlock(moreWords(items).trim(), { spacing: 'Medium' })] : []),
          ],
          actions: [{ type: 'Action.OpenUrl', title: link.label, url: link.url }],
        },
      },
    ],
  }
}

const textBlock = (text: string, look: object, isMarkdown = false) => ({
  type: 'TextBlock',
  text: isMarkdown ? text : teamsText(text),
  wrap: true,
  ...look,
})

/** A text block reads a part of Markdown: what would be markup is shown as it is. */
const teamsText = (text: string) => text.replace(/[\\`*_[\]()#<>~|]/g, '\\$&')

const moreWords = ({ length }: { length: number }) =>
  length > mostItems ? `${length - mostItems} more are on the page. ` : ''

const clipped = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)
