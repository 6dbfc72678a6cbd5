import { randomUUID } from 'node:crypto'

import Fastify from 'fastify'
import pg from 'pg'

const MOST_CONNECTIONS = 10

const INSERT = `insert into platform.inbox
  (hospital_id, id, source, dedupe_key, content, received_at, attempts, due_at)
  values ($1, $2, 'payments', $3, $4, now(), 0, now())
  on conflict (hospital_id, source, dedupe_key) do nothing`

/**
 * What the least program does that acknowledges a notice once it is kept: the same row in a transaction under row-level
 * security, and nothing proven, opened or looked up. `content` is as long as a notice of ours.
 */
export async function startBareRoute({ databaseUrl, hospitalId, content }: BareOptions) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: MOST_CONNECTIONS })
  const app = Fastify({ logger: false })
  app.post('/notices', async (_request, reply) => {
    const client = await pool.connect()
    try {
      await client.query(`begin; set local app.hospital_id = '${hospitalId}'`)
      const id = randomUUID()
      await client.query({ name: 'keep', text: INSERT, values: [hospitalId, id, id, content] })
      await client.query('commit')
    } finally {
      client.release()
    }
    return reply.code(204).send()
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url: `${url}/notices`,
    async stop() {
      await app.close()
      await pool.end()
    },
  }
}

export type BareOptions = { databaseUrl: string; hospitalId: number; content: string }
