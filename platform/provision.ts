import pg from 'pg'

/** Makes a database on the server, unless it is there. As the server's owner. */
export async function createDatabaseIfMissing(url: string, name: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
  })
}

/** Makes a database that is like another, with all that is in it. As the server's owner. */
export const createDatabaseLike = (url: string, name: string, template: string): Promise<void> =>
  withClient(url, async (client) => {
    const [own, like] = [client.escapeIdentifier(name), client.escapeIdentifier(template)]
    await client.query(`create database ${own} template ${like} strategy file_copy`)
  })

/** Removes a database, whoever is still in it. As the server's owner. */
export const dropDatabase = (url: string, name: string): Promise<void> =>
  withClient(url, async (client) => {
    await client.query(`drop database ${client.escapeIdentifier(name)} with (force)`)
  })

/** Lets the application's role sign in with a password of its own; returns the URL it does so by. */
export async function letAppSignIn(ownerUrl: string, password: string): Promise<string> {
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
