import pg from 'pg'

import { migrate } from '../../../platform/migrate.ts'
import { startEmbeddedPostgres } from '../../../platform/postgres/index.ts'

export type SandboxDatabase = {
  /** As the owner of the schemas: for migrations and the job queue. */
  ownerUrl: string
  /** As the application: no schema is its own, and row-level security holds. */
  appUrl: string
  stop(): Promise<void>
}

const NAME = 'yiqiao'

/** The server of one's own that `given` names, or one that comes with the packages; migrated. */
export async function openSandboxDatabase(options: {
  given: string | undefined
  folder: string
  appPassword: string
  onLog: (line: string) => void
}): Promise<SandboxDatabase> {
  if (options.given) {
    await migrate(options.given)
    const appUrl = await letAppSignIn(options.given, options.appPassword)
    return { ownerUrl: options.given, appUrl, stop: async () => undefined }
  }
  const server = await startEmbeddedPostgres({ dataDir: options.folder, onLog: options.onLog })
  try {
    await createIfMissing(server.url())
    const ownerUrl = server.url(NAME)
    await migrate(ownerUrl)
    const appUrl = await letAppSignIn(ownerUrl, options.appPassword)
    return { ownerUrl, appUrl, stop: () => server.stop() }
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function createIfMissing(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [NAME])
    if (rowCount === 0) await client.query(`create database ${NAME}`)
  })
}

async function letAppSignIn(ownerUrl: string, password: string): Promise<string> {
  await withClient(ownerUrl, (client) =>
    client.query(`alter role yiqiao_app login password ${client.escapeLiteral(password)}`),
  )
  return Object.assign(new URL(ownerUrl), { username: 'yiqiao_app', password }).href
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
