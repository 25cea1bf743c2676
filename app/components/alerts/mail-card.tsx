import { Form } from '@remix-run/react'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Attempts } from '../webhooks/attempts.tsx'
import type { AlertChannels } from './answers.ts'
import { ChooseKinds } from './choose-kinds.tsx'

/** What the reader gets by e-mail. */
export function MailCard({ kinds, mail }: Pick<AlertChannels, 'kinds' | 'mail'>) {
  const isOn = mail.causes.length > 0
  return (
    <Card title="To my mailbox" id="mail">
      <Form method="post" className="grid gap-4">
        <ChooseKinds
          kinds={kinds}
          chosen={mail.causes}
          legend="You get one mail for everything that turns at about the same time. Without a choice you get none."
        />
        <div className="flex flex-wrap items-center gap-3">
          <SubmitButton intent="choose_mail">Save my choice</SubmitButton>
          {isOn ? (
            <SubmitButton intent="test_mail" variant="secondary" pendingLabel="Sending …">
              Send me a test
            </SubmitButton>
          ) : null}
        </div>
      </Form>
      {isOn ? (
        <div className="mt-4 text-s">
          <Attempts attempts={mail.attempts} isSubjectShown />
        </div>
      ) : null}
    </Card>
  )
}
