import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type SmtpStandIn, startSmtp } from '../../sandbox/smtp/start-smtp.ts'

let smtp: SmtpStandIn

beforeEach(async () => {
  smtp = await startSmtp()
})

afterEach(() => smtp.stop())

async function send(mail: { subject: string; text: string; html?: string }) {
  const transport = createTransport(smtp.smtpUrl)
  try {
    await transport.sendMail({
      from: 'Attestry <noreply@attestry.example>',
      to: 'ada@contoso.example',
      ...mail,
    })
  } finally {
    transport.close()
  }
}

test('a mail that was sent can be read and waited for', async () => {
  const coming = smtp.waitFor(mail => mail.subject === 'Second')
  await send({ subject: 'First', text: 'one' })
  await send({ subject: 'Second', text: 'two', html: '<p>two</p>' })
  await expect(coming).resolves.toMatchObject({
    to: ['ada@contoso.example'],
    text: 'two',
    html: '<p>two</p>',
  })
  expect(smtp.mails().map(mail => mail.subject)).toEqual(['First', 'Second'])
  await expect(smtp.waitFor(mail => mail.subject === 'First')).resolves.toMatchObject({ id: 1 })
})

test('waiting for a mail that never comes says what came instead', async () => {
  await send({ subject: 'Something else', text: '' })
  await expect(smtp.waitFor(() => false, 10)).rejects.toThrow('Something else')
})

test('the mailbox page lists mails with links and keeps markup of a mail away from itself', async () => {
  await send({
    subject: '<b>Verify</b>',
    text: 'Open http://localhost:3000/verify?token=a.b&next=1.',
    html: '<script>alert(1)</script><a href="http://localhost:3000/verify">Verify</a>',
  })
  const list = await (await fetch(smtp.origin)).text()
  expect(list).toContain('&lt;b&gt;Verify&lt;/b&gt;')
  expect(list).not.toContain('<script')
  const single = await (await fetch(`${smtp.origin}/mails/1`)).text()
  expect(single).toContain('<a href="http://localhost:3000/verify?token=a.b&amp;next=1" ')
  expect(single).not.toContain('<script')
  const body = await fetch(`${smtp.origin}/mails/1/html`)
  expect(body.headers.get('content-security-policy')).toContain('sandbox')
  expect((await fetch(`${smtp.origin}/mails/99`)).status).toBe(404)
})

test('deliveries can be refused for a while', async () => {
  smtp.refuseNext(1)
  await expect(send({ subject: 'Refused', text: '' })).rejects.toMatchObject({ responseCode: 451 })
  await send({ subject: 'Accepted', text: '' })
  expect(smtp.mails().map(mail => mail.subject)).toEqual(['Accepted'])
})
