import type postgres from 'postgres'

/**
 * Makes a client wait for the answer to a statement before it sends the next one on the same connection; a transaction's
 * own statements follow each other as before. postgres.js sends what is not prepared in two parts, and the second when the
 * first was answered. Sent behind a statement that ends meanwhile, such a first part is lost on a pooler in transaction
 * mode: it takes the session back when the statement before has ended (seen with PgBouncer 1.18, which never answers).
 */
export function sendOneAtATime(client: postgres.Sql): void {
  // The driver's types do not show that a statement says, when it is sent, whether another one may follow.
  const inner = client as unknown as { unsafe: Unsafe }
  const { unsafe } = inner
  inner.unsafe = (text, values, options) => unsafe(text, values, { onexecute: () => false, ...options })
}

type Unsafe = (text: string, values?: unknown[], options?: object) => unknown
