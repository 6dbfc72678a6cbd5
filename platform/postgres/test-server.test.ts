import { mkdir, readdir, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'

import pg from 'pg'
import { expect, it } from 'vitest'

import { roomyDirectory, startTestPostgres } from './test-server.ts'

it('starts a fast server, and leaves nothing behind', async () => {
  const parent = await roomyDirectory()
  const server = await startTestPostgres()
  const client = new pg.Client(server.url())
  await client.connect()
  const { rows } = await client.query({
    text: `select current_setting('fsync'), current_setting('synchronous_commit'),
             current_setting('full_page_writes'), current_setting('autovacuum'),
             current_setting('max_connections')`,
    rowMode: 'array',
  })
  await client.end()
  expect(rows).toEqual([['off', 'off', 'off', 'off', '200']])
  expect(await ours(parent)).toHaveLength(1)
  await server.cleanup()
  expect(await ours(parent)).toEqual([])
})

it('removes what a killed run left an hour ago, and no younger or living one', async () => {
  const parent = await roomyDirectory()
  const nobody = 2 ** 31 - 1 // no process can have this number
  const folder = (maker: number, what: string) =>
    join(parent, `yiqiao-test-postgres-${maker}-${what}-${process.pid}`)
  const [old, young, living] = [
    folder(nobody, 'old'),
    folder(nobody, 'young'),
    folder(process.pid, 'living'),
  ]
  const twoHoursAgo = new Date(Date.now() - 7_200_000)
  for (const path of [old, young, living]) await mkdir(join(path, 'pg'), { recursive: true })
  for (const path of [old, living]) await utimes(path, twoHoursAgo, twoHoursAgo)
  try {
    await (await startTestPostgres()).cleanup()
    const left = (await readdir(parent)).map((name) => join(parent, name))
    expect(left).not.toContain(old)
    expect(left).toContain(young)
    expect(left).toContain(living)
  } finally {
    for (const path of [old, young, living]) await rm(path, { recursive: true, force: true })
  }
})

it('does not go where there is no room', async () => {
  expect(await roomyDirectory('/proc')).not.toBe('/proc')
  expect(await roomyDirectory('/no/such/directory')).not.toBe('/no/such/directory')
})

/** Of this process only: other runs on the machine come and go. */
const ours = async (parent: string) =>
  (await readdir(parent)).filter((n) => n.startsWith(`yiqiao-test-postgres-${process.pid}-`))
