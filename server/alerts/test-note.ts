import type { Note } from '../webhooks/render-body.ts'

export const testWords = 'This is a test. Nothing happened.'

/** What a test of a channel says. */
export const testNote = ({
  organizationName,
  baseUrl,
}: {
  organizationName: string
  baseUrl: string
}): Note => ({
  title: `${organizationName}: a test of alerts`,
  items: [{ heading: testWords, text: 'Alerts that were chosen for this place look like this.', link: null }],
  link: { label: 'What goes here', url: `${baseUrl}/settings/alerts` },
})
