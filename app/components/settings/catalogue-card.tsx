import { Form } from '@remix-run/react'
import type { SettingsData } from '../decisions/answers.ts'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'

/** Which version of the control catalogue judges, and the newer one where there is one. */
export function CatalogueCard({ settings, isDecider }: { settings: SettingsData; isDecider: boolean }) {
  const { catalogueVersion, offeredVersion } = settings
  return (
    <Card id="catalogue" title="Control catalogue">
      <p className="text-s">Version {catalogueVersion} judges.</p>
      {offeredVersion > catalogueVersion ? (
        <div className="grid gap-3 pt-3 text-s">
          <p className="text-ink-2">
            Version {offeredVersion} is there, with more controls, thresholds and exceptions. It judges from
            the instant you adopt it; what was judged before stays as it was. There is no way back to an older
            version.
          </p>
          {isDecider ? (
            <Form method="post">
              <SubmitButton intent="adopt">Adopt version {offeredVersion}</SubmitButton>
            </Form>
          ) : (
            <p className="text-ink-2">An admin or owner can adopt it.</p>
          )}
        </div>
      ) : (
        <p className="pt-1 text-s text-ink-2">It is the newest one.</p>
      )}
    </Card>
  )
}
