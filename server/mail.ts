import { createTransport } from 'nodemailer'
import { AppError } from './errors.ts'
import { escapeHtml } from './escape-html.ts'
import type { Secret } from './vault/secret.ts'

/** A mail in plain words. What people typed in it is shown as text, never as markup or headers. */
export interface Mail {
  /** One address. */
  to: string
  subject: string
  /** The same for every attempt to send the same mail, so that a mailbox can tell a repetition; a word of letters and digits. */
  messageId?: string
  /** Paragraphs apart by an empty line; one that is nothing but an http address becomes a link. */
  text: string
  /** Texts to keep as files. */
  attachments?: readonly { filename: string; content: string }[]
}

export interface Mailer {
  /**
   * Hands a mail to the mail server.
   * @throws {AppError} `bad_input` for an address that is none, `unavailable` when the server does not take it.
   */
  send(mail: Mail): Promise<void>
  close(): void
}

/** A mailer over SMTP. Times out rather than waits: mails are sent by jobs that try again. */
export function createMailer({ smtpUrl, from }: { smtpUrl: Secret; from: string }): Mailer {
  const transport = createTransport({
    url: smtpUrl.reveal(),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  })
  return {
    async send({ to, subject, text, messageId, attachments = [] }) {
      if (!/^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(to))
        throw new AppError('bad_input', 'a mail needs one plain address')
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject: headerText(subject),
          ...(messageId === undefined ? {} : { messageId: `<${messageId}@${hostOf(from)}>` }),
          text,
          html: simpleHtml(text),
          attachments: attachments.map(attachment => ({
            ...attachment,
            contentType: 'text/plain; charset=utf-8',
          })),
          disableFileAccess: true,
          disableUrlAccess: true,
        })
      } catch (cause) {
        throw new AppError('unavailable', 'the mail server did not take a mail', {
          details: { service: 'smtp' },
          cause,
        })
      }
    },
    close: () => transport.close(),
  }
}

/** The host of an address, with or without a name before it. */
const hostOf = (address: string) => /@([^\s<>@]+)>?$/.exec(address.trim())?.[1] ?? 'localhost'

/** No line breaks, no control characters, no change of writing direction; at most 200 characters. */
const headerText = (text: string) =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 200)

function simpleHtml(text: string): string {
  const rows = text
    .trim()
    .split(/\n{2,}/)
    .map(paragraph => {
      const words = escapeHtml(paragraph)
      const isLink = /^https?:\/\/\S+$/.test(paragraph)
      const shown = isLink
        ? `<a href="${words}" style="color:#0b57d0;word-break:break-all">${words}</a>`
        : words
      return `<p style="margin:0 0 16px;white-space:pre-line">${shown}</p>`
    })
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"></head><body style="margin:0;padding:32px 16px;background:#f6f7f9"><div style="max-width:520px;margin:0 auto;padding:32px 32px 16px;background:#fff;border:1px solid #e3e6ea;border-radius:8px;font:15px/1.6 system-ui,sans-serif;color:#1b1f24">${rows.join('')}</div></body></html>`
}
