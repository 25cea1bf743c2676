import { describe, expect, test } from 'vitest'
import { type Note, renderBody } from '../../server/webhooks/render-body.ts'

const hostile =
  '<!channel> & <https://evil.example|click> *bold* _it_ ~no~ `code` [a](https://evil.example) #h'
const note = (changes: Partial<Note> = {}): Note => ({
  title: 'Harbour & Sons: <Contoso> wants a new sign-in',
  items: [
    {
      heading: hostile,
      text: hostile,
      link: { label: 'See | it > now', url: 'https://app.example/o/h/alerts?a=1&b=2|>' },
    },
  ],
  link: { label: 'All alerts', url: 'https://app.example/o/h/alerts' },
  ...changes,
})
const bodyOf = (format: 'slack' | 'teams', what: Note = note()) => JSON.parse(renderBody(format, what, {}))

test('a program gets what is for programs, as it is', () => {
  expect(renderBody('standard', note(), { type: 'alerts' })).toBe('{"type":"alerts"}')
})

describe('Slack', () => {
  test('gets a header, a section for each thing and a link, with a text for notifications', () => {
    const { text, blocks } = bodyOf('slack')
    expect(text).toBe('Harbour &amp; Sons: &lt;Contoso&gt; wants a new sign-in')
    expect(blocks.map(({ type }: { type: string }) => type)).toEqual(['header', 'section', 'context'])
    // A header is plain text: Slack shows it as it is.
    expect(blocks[0].text).toEqual({ type: 'plain_text', text: note().title, emoji: false })
    expect(blocks[2].elements[0].text).toBe('<https://app.example/o/h/alerts|All alerts>')
  })

  test('can be made neither to mention nor to link nor to format by a text', () => {
    const section: string = bodyOf('slack').blocks[1].text.text
    const [heading = '', text = '', link = ''] = section.split('\n')
    expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/)
    expect(text).toContain('&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;')
    for (const mark of ['*', '_', '~', '`']) {
      const at = [...text].flatMap((each, index) => (each === mark ? [index] : []))
      expect(at.every(index => text[index - 1] === '\u200b')).toBe(true)
    }
    expect(heading).toBe(`*${text}*`)
    expect(link).toBe('<https://app.example/o/h/alerts?a=1&amp;b=2%7C%3E|See | it &gt; now>')
    expect(bodyOf('slack').blocks[1].text.verbatim).toBe(true)
  })

  test('takes no more than it can: long texts are cut, and what is left out is counted', () => {
    const long = 'x'.repeat(5_000)
    const items = Array.from({ length: 45 }, () => ({ heading: 'h', text: long, link: null }))
    const { blocks } = bodyOf('slack', note({ title: long, items }))
    expect(blocks.length).toBeLessThanOrEqual(50)
    expect(blocks[0].text.text).toHaveLength(150)
    expect(blocks[1].text.text).toHaveLength(3_000)
    expect(blocks.at(-1).elements[0].text).toMatch(/^5 more are on the page\. </)
  })
})

describe('Teams', () => {
  const cardOf = (what?: Note) => bodyOf('teams', what).attachments[0].content

  test('gets one Adaptive Card in the envelope that its workflow takes', () => {
    const { type, attachments } = bodyOf('teams')
    expect(type).toBe('message')
    expect(attachments).toHaveLength(1)
    expect(attachments[0]).toMatchObject({
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: { type: 'AdaptiveCard', version: '1.4' },
    })
    expect(cardOf().actions).toEqual([
      { type: 'Action.OpenUrl', title: 'All alerts', url: 'https://app.example/o/h/alerts' },
    ])
  })

  test('can be made neither to link nor to format by a text', () => {
    const [title, heading, text, link] = cardOf().body.map((block: { text: string }) => block.text)
    expect(title).toBe('Harbour & Sons: \\<Contoso\\> wants a new sign-in')
    expect(heading).toBe(text)
    expect(text.replace(/\\[\\`*_[\]()#<>~|]/g, '')).not.toMatch(/[\\`*_[\]()#<>~|]/)
    expect(text.replaceAll('\\', '')).toBe(hostile)
    expect(link).toMatch(/^\[See \\\| it \\> now\]\(https:\/\/app\.example\/o\/h\/alerts\?a=1&b=2%7C%3E\)$/)
  })

  test('shows forty things and counts the rest', () => {
    const items = Array.from({ length: 42 }, () => ({ heading: 'h', text: 't', link: null }))
    const { body } = cardOf(note({ items }))
    expect(body).toHaveLength(1 + 2 * 40 + 1)
    expect(body.at(-1).text).toBe('2 more are on the page.')
  })
})
