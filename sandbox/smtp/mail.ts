/** One mail as it came in. */
export interface Mail {
  id: number
  receivedAt: Date
  from: string
  to: string[]
  subject: string
  text: string
  /** As sent; shown only inside a sandboxed frame. */
  html: string | null
  headers: Record<string, string>
  /** Text files that came with it. */
  attachments: { filename: string; content: string }[]
}
