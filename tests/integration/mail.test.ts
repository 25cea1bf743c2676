import { once } from 'node:events'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterAll, expect, test } from 'vitest'
import { AppError } from '../../server/errors.ts'
import { createMailer } from '../../server/mail.ts'
import { Secret } from '../../server/vault/secret.ts'

const received: { mail: ParsedMail; recipients: string[] }[] = []
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: (stream, session, done) =>
    void simpleParser(stream).then(mail => {
      received.push({ mail, recipients: session.envelope.rcptTo.map(({ address }) => address) })
      done()
    }, done),
})
const listening = smtp.listen(0, '127.0.0.1')
await once(listening, 'listening')
const address = listening.address()
const port = typeof address === 'object' && address ? address.port : 0
const mailer = createMailer({
  smtpUrl: new Secret(`smtp://127.0.0.1:${port}`),
  from: 'Attestry <attestry@attestry.test>',
})

afterAll(async () => {
  mailer.close()
  await new Promise<void>(resolve => smtp.close(resolve))
})

test('a mail arrives as text and as HTML, with its link in both', async () => {
  await mailer.send({
    to: 'ada@example.test',
    subject: 'Confirm your address — Attestry',
    text: 'Hello Ada,\n\nplease confirm this address:\n\nhttps://attestry.test/confirm?token=a&next=b\n',
  })
  const { mail, recipients } = received.at(-1) ?? {}
  expect(recipients).toEqual(['ada@example.test'])
  expect(mail?.subject).toBe('Confirm your address — Attestry')
  expect(mail?.text).toContain('https://attestry.test/confirm?token=a&next=b')
  expect(mail?.html).toContain('href="https://attestry.test/confirm?token=a&amp;next=b"')
})

test('what people typed becomes neither a header, nor markup, nor another recipient', async () => {
  await mailer.send({
    to: 'ada@example.test',
    subject: 'Invitation to Evil\r\nBcc: all@example.test\r\n\r\n<b>body</b>\u202e',
    text: '<script>alert(1)</script> & "more" https://evil.test\n\nhttps://attestry.test/"onclick="x\n\njavascript:alert(1)',
  })
  const { mail, recipients } = received.at(-1) ?? {}
  expect(recipients).toEqual(['ada@example.test'])
  expect(mail?.bcc).toBeUndefined()
  expect(mail?.subject).toBe('Invitation to Evil Bcc: all@example.test <b>body</b>')
  expect(mail?.html).not.toMatch(/<script|"onclick|href="(?!https:\/\/attestry)/)
})

test.each(['a@b.test, c@d.test', 'a@b.test\r\nBcc: c@d.test', 'Ada <a@b.test>', 'nobody', ''])(
  '%j is not one plain address and is refused',
  async to => {
    const count = received.length
    await expect(mailer.send({ to, subject: 'x', text: 'x' })).rejects.toMatchObject({
      code: 'bad_input',
    })
    expect(received).toHaveLength(count)
  },
)

test('a mail server that is away is told as such', async () => {
  const away = createMailer({ smtpUrl: new Secret('smtp://127.0.0.1:1'), from: 'a@b.test' })
  const failure = away.send({ to: 'ada@example.test', subject: 'x', text: 'x' })
  await expect(failure).rejects.toBeInstanceOf(AppError)
  await expect(failure).rejects.toMatchObject({ code: 'unavailable' })
})
