import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { assert } from '../../kernel/assert.ts'
import { isAlive } from './earlier-server.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres, type StartOptions } from './embedded.ts'
import { roomyDirectory } from './test-server.ts'

// Real servers throughout. Making a cluster takes half a second, so most tests get a copy of one.
let parent: string
let template: string
let dataDir: string
let servers: EmbeddedPostgres[]

beforeAll(async () => {
  parent = await roomyDirectory()
  template = await mkdtemp(join(parent, 'yiqiao-embedded-'))
  await (await startEmbeddedPostgres({ dataDir: template, durable: false })).stop()
})
afterAll(() => rm(template, { recursive: true, force: true }))
beforeEach(async () => {
  servers = []
  dataDir = await mkdtemp(join(parent, 'yiqiao-embedded-'))
})
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  await rm(dataDir, { recursive: true, force: true })
})

/** Starts on a copy of the template, if the test has put nothing else into its directory. */
async function startOnCopy(options: Partial<StartOptions> = {}): Promise<EmbeddedPostgres> {
  await promisify(execFile)('cp', ['-a', `${template}/.`, dataDir])
  return start(options)
}

async function start(options: Partial<StartOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, durable: false, ...options })
  servers.push(server)
  return server
}

async function query(server: { url(): string }, text: string): Promise<unknown[]> {
  const client = new pg.Client(server.url())
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query({ text, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

it('makes a cluster with the locale, encoding, checksums and doors it promises', async () => {
  const server = await start()
  const settings = await query(
    server,
    `select current_user, current_setting('server_encoding'), current_setting('data_checksums'),
       current_setting('listen_addresses'), current_setting('unix_socket_directories'),
       (select datcollate from pg_database where datname = 'postgres'), current_setting('timezone')`,
  )
  expect(settings).toEqual(['postgres', 'UTF8', 'on', '127.0.0.1', '', 'C', 'UTC'])
  expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600)
})

it('keeps its data over a stop and a start', async () => {
  const first = await startOnCopy()
  await query(first, 'create table kept as select 42 as answer')
  await first.stop()
  expect(isAlive(first.pid)).toBe(false)
  await first.stop() // a second call is harmless

  const second = await start()
  expect(await query(second, 'select answer from kept')).toEqual([42])
})

it('asks for the password', async () => {
  const server = await startOnCopy()
  const wrong = server.url().replace(/:[0-9a-f]+@/, ':wrong@')
  await expect(query({ url: () => wrong }, 'select 1')).rejects.toThrow(/password authentication/)
})

it('takes a password of the caller and writes it nowhere', async () => {
  const server = await start({ password: 'p@ss:word/ü' })
  expect(await query(server, 'select 1')).toEqual([1])
  expect(await readdir(dataDir)).toEqual(['pg'])
})

it('stands apart from the terminal, so that Ctrl-C does not end it before us', async () => {
  const server = await startOnCopy()
  const processStat = await readFile(`/proc/${server.pid}/stat`, 'utf8')
  const group = Number(processStat.slice(processStat.lastIndexOf(')') + 2).split(' ')[2])
  expect(group).toBe(server.pid)
})

it('uses settings, and says which it does not know', async () => {
  const server = await startOnCopy({ settings: { work_mem: '7MB' } })
  expect(await query(server, 'show work_mem')).toEqual(['7MB'])
  expect(await query(server, 'show fsync')).toEqual(['off'])
  await server.stop()
  await expect(start({ settings: { wrk_mem: '7MB' } })).rejects.toThrow(/wrk_mem/)
  await expect(start({ settings: { listen_addresses: '*' } })).rejects.toMatchObject({
    code: 'postgres.setting_refused',
  })
})

it('syncs to disk unless told otherwise', async () => {
  const server = await startOnCopy({ durable: true })
  expect(await query(server, 'show fsync')).toEqual(['on'])
})

it('says that a port is in use', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  assert(address !== null && typeof address === 'object', 'it listens')
  await expect(startOnCopy({ port: address.port })).rejects.toMatchObject({
    code: 'postgres.port_in_use',
    message: expect.stringContaining(String(address.port)),
  })
  other.close()
})

it('starts over where a cluster was only half made', async () => {
  const child = spawn('true')
  await once(child, 'exit')
  const halfMade = join(dataDir, `pg.init-${child.pid}-x`)
  await mkdir(join(halfMade, 'base'), { recursive: true })
  await writeFile(join(halfMade, 'PG_VERSION'), '17\n')
  await start()
  expect((await readdir(dataDir)).toSorted()).toEqual(['password', 'pg'])
})

it('refuses what is no cluster, and leaves it alone', async () => {
  await mkdir(join(dataDir, 'pg'))
  await writeFile(join(dataDir, 'pg', 'thesis.txt'), 'three years of work')
  await expect(start()).rejects.toMatchObject({ code: 'postgres.data_dir_unusable' })
  expect(await readdir(join(dataDir, 'pg'))).toEqual(['thesis.txt'])
})

it('refuses data of a major version that is not installed', async () => {
  await mkdir(join(dataDir, 'pg'))
  await writeFile(join(dataDir, 'pg', 'PG_VERSION'), '9\n')
  await expect(start()).rejects.toMatchObject({
    code: 'postgres.other_major_version',
    message: expect.stringContaining('PostgreSQL 9'),
  })
})

it('refuses a cluster whose password is lost', async () => {
  await (await startOnCopy()).stop()
  await rm(join(dataDir, 'password'))
  await expect(start()).rejects.toMatchObject({ code: 'postgres.password_missing' })
})

describe('with an earlier server', () => {
  it('refuses a data directory in use, by the pid of its server, and disturbs nothing', async () => {
    const server = await startOnCopy()
    await expect(start()).rejects.toMatchObject({
      code: 'postgres.already_running',
      message: expect.stringMatching(new RegExp(`PostgreSQL ${server.pid} .*${process.pid}`)),
    })
    expect(await query(server, 'select 1')).toEqual([1])
  })

  it('refuses a data directory that another living process uses', async () => {
    const launcher = await startLauncher()
    await expect(start()).rejects.toMatchObject({
      code: 'postgres.already_running',
      message: expect.stringContaining(String(launcher.serverPid)),
    })
    expect(await query({ url: () => launcher.url }, 'select 1')).toEqual([1])
    launcher.kill()
    while (!(await hasEnded(launcher.serverPid))) await delay(20)
  }, 20_000)

  it('lets one of two win that start at the same moment on an empty directory', async () => {
    const results = await Promise.allSettled([start(), start()])
    expect(results.map((r) => r.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const loser = results.find((r) => r.status === 'rejected')
    expect(loser?.reason).toMatchObject({ code: 'postgres.already_running' })
    const [winner] = servers
    assert(winner, 'one started')
    expect(await query(winner, 'select 1')).toEqual([1])
    expect((await readdir(dataDir)).toSorted()).toEqual(['password', 'pg'])
  })

  it('starts over a pid file that now names a stranger', async () => {
    const first = await startOnCopy()
    await query(first, 'create table kept as select 42 as answer')
    const pidFile = join(dataDir, 'pg', 'postmaster.pid')
    const left = await readFile(pidFile, 'utf8')
    await first.stop()

    const stranger = spawn('sleep', ['60'], { cwd: join(dataDir, 'pg') })
    try {
      await writeFile(pidFile, left.replace(/^\d+/, String(stranger.pid)))
      expect(await query(await start(), 'select answer from kept')).toEqual([42])
      expect(stranger.exitCode).toBe(null)
    } finally {
      stranger.kill()
    }
  })

  it('starts over a pid file that names nobody', async () => {
    await (await startOnCopy()).stop()
    const ended = spawn('true')
    await once(ended, 'exit')
    await writeFile(join(dataDir, 'pg', 'postmaster.pid'), `${ended.pid}\n${dataDir}/pg\n`)
    expect(await query(await start(), 'select 1')).toEqual([1])
  })

  it('says in the log that a server was killed, and waits for the sessions it left', async () => {
    const log: string[] = []
    const first = await startOnCopy({ durable: true, onLog: (line) => log.push(line) })
    await query(first, 'create table kept as select 42 as answer')
    const client = new pg.Client(first.url())
    client.on('error', () => {})
    await client.connect()
    const session = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const sessionPid = session.rows[0]?.pid
    assert(sessionPid !== undefined, 'a session has a pid')

    process.kill(sessionPid, 'SIGSTOP') // so that it does not notice yet
    process.kill(first.pid, 'SIGKILL')
    while (!(await hasEnded(first.pid))) await delay(20)
    const starting = start()
    await delay(400)
    process.kill(sessionPid, 'SIGCONT')
    expect(await query(await starting, 'select answer from kept')).toEqual([42])
    expect(log.at(-1)).toBe('PostgreSQL ended by itself: SIGKILL')
    await client.end().catch(() => {})
  })

  it('ends with a launcher that is killed, and starts again at once', async () => {
    const launcher = await startLauncher()
    const orphan = { url: () => launcher.url }
    await query(orphan, 'create table kept as select 42 as answer')
    launcher.kill()
    const server = await start()
    expect(await query(server, 'select answer from kept')).toEqual([42])
    expect(await hasEnded(launcher.serverPid)).toBe(true)
  }, 20_000)

  it('ends by itself when its launcher is killed', async () => {
    const launcher = await startLauncher()
    launcher.kill()
    for (let i = 0; i < 200 && !(await hasEnded(launcher.serverPid)); i++) await delay(20)
    expect(await hasEnded(launcher.serverPid)).toBe(true)
    expect(await readdir(join(dataDir, 'pg'))).not.toContain('postmaster.pid')
  }, 20_000)

  it('ends a server that outlived its launcher', async () => {
    const launcher = await startLauncher()
    // Stopped, it cannot act on the signal that its launcher died: as a server busy with I/O.
    process.kill(launcher.serverPid, 'SIGSTOP')
    launcher.kill()
    const starting = start()
    await delay(300)
    expect(await hasEnded(launcher.serverPid)).toBe(false)
    process.kill(launcher.serverPid, 'SIGCONT')
    expect(await query(await starting, 'select 1')).toEqual([1])
  }, 20_000)
})

/** A process of its own that starts the server and then waits to be killed. */
async function startLauncher() {
  await promisify(execFile)('cp', ['-a', `${template}/.`, dataDir])
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'embedded.ts'))}
    const server = await startEmbeddedPostgres({ dataDir: process.argv[1], durable: false })
    process.stdout.write(server.pid + ' ' + server.url() + '\\n')
  `
  const options = ['--import', 'tsx', '--input-type=module', '-e', program, dataDir]
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const [pid, url] = line.split(' ')
  assert(url !== undefined, `the launcher said where its server is, not "${line}"`)
  return { serverPid: Number(pid), url, kill: () => child.kill('SIGKILL') }
}

/** Also true while nobody has waited for it: in a container the first process may never do so. */
async function hasEnded(pid: number) {
  const processStat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z')
  return /\) Z/.test(processStat)
}
