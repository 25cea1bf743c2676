import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import type { Mail } from './mail.ts'
import { handleMailbox } from './mailbox.ts'

export interface SmtpStandIn {
  /** For `SMTP_URL`. */
  smtpUrl: string
  /** The mailbox page. */
  origin: string
  /** Oldest first; the last 500 are kept. */
  mails(): Mail[]
  /** The first mail, old or new, that fits; rejects after the deadline (milliseconds, default 10,000). */
  waitFor(fits: (mail: Mail) => boolean, deadline?: number): Promise<Mail>
  clear(): void
  /** Refuses the next deliveries for now (SMTP 451); 0 accepts again. */
  refuseNext(times: number): void
  stop(): Promise<void>
}

const kept = 500

/** Starts an SMTP server that delivers nowhere, and a page that shows what it got. Both on 127.0.0.1. */
export async function startSmtp(
  options: { smtpPort?: number; httpPort?: number } = {},
): Promise<SmtpStandIn> {
  const mails: Mail[] = []
  const waiting = new Set<(mail: Mail) => void>()
  let count = 0
  let refusals = 0

  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    closeTimeout: 100,
    onAuth: (_auth, _session, callback) => callback(null, { user: 'anyone' }),
    onData(stream, session, callback) {
      const isRefused = refusals > 0
      if (isRefused) refusals -= 1
      simpleParser(stream)
        .then(parsed => {
          if (isRefused) throw Object.assign(new Error('Try again later'), { responseCode: 451 })
          count += 1
          const mail: Mail = {
            id: count,
            receivedAt: new Date(),
            from: parsed.from?.text ?? '',
            to: session.envelope.rcptTo.map(recipient => recipient.address),
            subject: parsed.subject ?? '',
            text: parsed.text ?? '',
            html: parsed.html || null,
            headers: Object.fromEntries(
              parsed.headerLines.map(({ key, line }) => [key, line.slice(key.length + 1).trim()]),
            ),
            attachments: parsed.attachments.map(({ filename = 'attachment', content }) => ({
              filename,
              content: content.toString('utf8'),
            })),
          }
          mails.push(mail)
          if (mails.length > kept) mails.shift()
          for (const tell of [...waiting]) tell(mail)
          callback()
        })
        .catch((error: Error) => callback(error))
    },
  })
  // A client that hangs up is not worth a crash.
  smtp.on('error', () => {})
  const web = createServer((req, res) => handleMailbox(mails, req, res))

  await listen(smtp.server, options.smtpPort ?? 0)
  await listen(web, options.httpPort ?? 0)

  return {
    smtpUrl: `smtp://127.0.0.1:${portOf(smtp.server)}`,
    origin: `http://127.0.0.1:${portOf(web)}`,
    mails: () => [...mails],
    waitFor(fits, deadline = 10_000) {
      const there = mails.find(fits)
      if (there) return Promise.resolve(there)
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(tell)
          reject(
            new Error(
              `No such mail within ${deadline} ms; got: ${mails.map(mail => mail.subject).join(' | ')}`,
            ),
          )
        }, deadline)
        const tell = (mail: Mail) => {
          if (!fits(mail)) return
          clearTimeout(timer)
          waiting.delete(tell)
          resolve(mail)
        }
        waiting.add(tell)
      })
    },
    clear: () => void mails.splice(0),
    refuseNext(times) {
      refusals = times
    },
    async stop() {
      web.closeAllConnections()
      await Promise.all([
        new Promise<void>(resolve => smtp.close(() => resolve())),
        new Promise(resolve => web.close(resolve)),
      ])
    },
  }
}

type Listener = Pick<ReturnType<typeof createServer>, 'once' | 'listen' | 'address'>

function listen(server: Listener | SMTPServer['server'], port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

function portOf(server: Listener | SMTPServer['server']): number {
  // A listening TCP server always has an address object.
  return (server.address() as AddressInfo).port
}
