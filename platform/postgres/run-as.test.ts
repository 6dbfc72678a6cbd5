import { chown, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startEmbeddedPostgres } from './embedded.ts'
import { findPrograms } from './programs.ts'
import { chooseRunAs, programsFor, type RunAs, type Surroundings, surroundings } from './run-as.ts'
import { roomyDirectory } from './test-server.ts'

const nobody = { uid: 65534, gid: 65534 }
const alice = { uid: 1000, gid: 1000 }
const asRoot: Surroundings = {
  uid: 0,
  hasName: true,
  dataDirOwner: { uid: 0, gid: 0 },
  namespacesWork: true,
  nobody,
}
const asAlice = { ...asRoot, uid: 1000, namespacesWork: false }

it.each([
  ['an ordinary user is itself', asAlice, { kind: 'self' }],
  [
    'a number without a name takes one',
    { ...asAlice, hasName: false, namespacesWork: true },
    { kind: 'namespace', ...nobody },
  ],
  [
    'a number without a name tries, where it cannot take one',
    { ...asAlice, hasName: false },
    { kind: 'self' },
  ],
  ['root takes a name', asRoot, { kind: 'namespace', ...nobody }],
  [
    'root becomes another user where namespaces are forbidden',
    { ...asRoot, namespacesWork: false },
    { kind: 'other-user', ...nobody },
  ],
  [
    'root leaves the data of an ordinary user to that user',
    { ...asRoot, dataDirOwner: alice },
    { kind: 'other-user', ...alice },
  ],
] satisfies [string, Surroundings, RunAs][])('%s', (_rule, here, runAs) => {
  expect(chooseRunAs(here)).toEqual(runAs)
})

it('says so when root can be nobody else', () => {
  expect(() => chooseRunAs({ ...asRoot, nobody: undefined })).toThrow(/"nobody"/)
})

it('sees whether a namespace reaches the data', async () => {
  const programs = await findPrograms(undefined)
  const open = await mkdtemp(join(tmpdir(), 'yiqiao-run-as-'))
  const here = await surroundings(open, programs)
  await rm(open, { recursive: true })
  expect(here.uid).toBe(process.getuid?.())
  expect(here.dataDirOwner.uid).toBe(here.uid)
  const away = { ...programs, home: '/no/such/programs' }
  expect((await surroundings(tmpdir(), away)).namespacesWork).toBe(false)
})

// Only root can be more than one user, so only root can show it.
describe.runIf(process.getuid?.() === 0)('as root', () => {
  let dataDir: string
  beforeAll(async () => {
    dataDir = await mkdtemp(join(await roomyDirectory(), 'yiqiao-run-as-'))
  })
  afterAll(() => rm(dataDir, { recursive: true, force: true }))

  it('keeps one cluster usable, whichever way the machine allows', async () => {
    const { namespacesWork } = await surroundings(dataDir, await findPrograms(undefined))
    const ways: RunAs[] = [
      { kind: 'other-user', ...nobody },
      ...(namespacesWork ? [{ kind: 'namespace' as const, ...nobody }] : []),
      { kind: 'other-user', ...nobody },
    ]
    for (const [index, runAs] of ways.entries()) {
      expect(await countStarts(runAs), runAs.kind).toBe(index + 1)
      const owner = runAs.kind === 'namespace' ? 0 : nobody.uid
      for (const name of await readdir(join(dataDir, 'pg'))) {
        expect((await stat(join(dataDir, 'pg', name))).uid, name).toBe(owner)
      }
    }
  })

  it('leaves the directory of an ordinary user to that user', async () => {
    const theirs = await mkdtemp(join(dataDir, 'theirs-'))
    await chown(theirs, nobody.uid, nobody.gid)
    const server = await startEmbeddedPostgres({ dataDir: theirs, durable: false })
    await server.stop()
    for (const name of await readdir(theirs)) {
      expect((await stat(join(theirs, name))).uid, name).toBe(nobody.uid)
    }
  })

  it('does not run programs that someone else has put in their place', async () => {
    const copies = join(dataDir, 'copies')
    await mkdir(copies)
    const programs = await findPrograms(undefined)
    const copy = () => programsFor({ kind: 'other-user', ...nobody }, programs, copies)
    const { home } = await copy()
    expect((await copy()).home).toBe(home)
    await chown(home, nobody.uid, nobody.gid)
    await expect(copy()).rejects.toMatchObject({ code: 'postgres.identity_unavailable' })
  })

  async function countStarts(runAs: RunAs): Promise<number> {
    const server = await startEmbeddedPostgres({ dataDir, runAs, durable: false })
    const client = new pg.Client(server.url())
    try {
      await client.connect()
      await client.query('create table if not exists start (at timestamptz default now())')
      await client.query('insert into start default values')
      const { rows } = await client.query<{ n: number }>('select count(*)::int as n from start')
      return rows[0]?.n ?? 0
    } finally {
      await client.end()
      await server.stop()
    }
  }
})
