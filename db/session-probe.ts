import postgres from 'postgres'

/**
 * Whether every connection to an address has a session of the server to itself. Two are asked by turns which process of
 * the server answers: the process of one never answers the other, and none ever changes. A pooler in transaction mode
 * gives the session that was given back last, or each in its turn; either way this order of asking meets one twice.
 * A pooler in session mode keeps them, as a server does.
 */
export async function keepsSessions(url: string): Promise<boolean> {
  const open = () => postgres(url, { max: 1, prepare: false, fetch_types: false, onnotice: () => undefined })
  const one = { client: open(), processes: new Set<number>() }
  const other = { client: open(), processes: new Set<number>() }
  try {
    for (const { client, processes } of [one, other, other, one, other, one]) {
      const [answer] = await client.unsafe<{ pid: number }[]>('select pg_backend_pid() as pid')
      if (answer) processes.add(answer.pid)
    }
    const isAlone = [...one.processes].every(pid => !other.processes.has(pid))
    return one.processes.size === 1 && other.processes.size === 1 && isAlone
  } finally {
    await Promise.all([one.client.end({ timeout: 5 }), other.client.end({ timeout: 5 })])
  }
}
