import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import pg from 'pg'

import type { Script } from './script.ts'

/** What the bare side did in one round. */
export type ScriptWork = { payments: number; seconds: number; latenciesMs: number[] }

export type ScriptRun = { url: string; script: Script; seconds: number; concurrency: number }

/** How the script is run: PostgreSQL's own load tool where it is installed, else our driver. */
export function chooseRunner(): { name: string; run: (run: ScriptRun) => Promise<ScriptWork> } {
  const program = findPgbench()
  return program
    ? { name: 'the same rows, by pgbench', run: (run) => runByPgbench(program, run) }
    : { name: 'the same rows, by the bare driver', run: runByDriver }
}

const DEBIAN = '/usr/lib/postgresql'

function findPgbench(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted().toReversed() : []
  const folders = [
    ...(process.execPath ? ['/usr/local/bin', '/usr/bin'] : []),
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
  ]
  return folders.map((folder) => join(folder, 'pgbench')).find((path) => existsSync(path)) ?? null
}

const US_PER_MS = 1_000
const LATENCY_FIELD = 2

async function runByPgbench(
  program: string,
  { url, script, seconds, concurrency }: ScriptRun,
): Promise<ScriptWork> {
  const folder = await mkdtemp(join(tmpdir(), 'yiqiao-pgbench-'))
  try {
    const file = join(folder, 'payment.sql')
    await writeFile(file, pgbenchText(script))
    const { hostname, port, username, password, pathname } = new URL(url)
    const options = ['-n', '-M', 'prepared', '-f', file, '-l', '--log-prefix', join(folder, 'log')]
    const load = ['-c', `${concurrency}`, '-j', '2', '-T', `${seconds}`]
    const server = ['-h', hostname, '-p', port, '-U', username, pathname.slice(1)]
    // By the environment, because the command line of a process is for everyone to see.
    const env = { PGPASSWORD: decodeURIComponent(password) }
    await promisify(execFile)(program, [...options, ...load, ...server], { env, cwd: folder })
    const lines = readdirSync(folder)
      .filter((name) => name.startsWith('log'))
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
    const latenciesMs = lines
      .filter((line) => line !== '')
      .map((line) => Number(line.split(' ')[LATENCY_FIELD]) / US_PER_MS)
    return { payments: latenciesMs.length, seconds, latenciesMs }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export const pgbenchText = ({
  draw,
  transactions,
}: Pick<Script, 'draw' | 'transactions'>): string =>
  [
    `${oneLine(draw)} \\gset`,
    ...transactions.flatMap((statements) => ['begin', ...statements, 'commit'].map(ended)),
  ].join('\n')

const oneLine = (sql: string) => sql.replaceAll(/\s*\n\s*/g, ' ')
const ended = (sql: string) => `${sql};`

/** By connections of our own driver, in this process. */
export async function runByDriver({
  url,
  script,
  seconds,
  concurrency,
}: ScriptRun): Promise<ScriptWork> {
  const latenciesMs: number[] = []
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      const client = new pg.Client(url)
      await client.connect()
      try {
        while (performance.now() - startedAt < seconds * 1_000) {
          const beganAt = performance.now()
          await payByDriver(client, script)
          latenciesMs.push(performance.now() - beganAt)
        }
      } finally {
        await client.end()
      }
    }),
  )
  const took = (performance.now() - startedAt) / 1_000
  return { payments: latenciesMs.length, seconds: took, latenciesMs }
}

async function payByDriver(client: pg.Client, { draw, transactions }: Script): Promise<void> {
  const drawn = await client.query<Record<string, string>>(draw)
  for (const [i, statements] of transactions.entries()) {
    await client.query('begin')
    for (const [j, statement] of statements.entries()) {
      await client.query({ name: `${i}-${j}`, ...numbered(statement, drawn.rows[0] ?? {}) })
    }
    await client.query('commit')
  }
}

/** :u1 as $1, with its value: as pgbench does it. A statement without any is sent as it is. */
export function numbered(statement: string, drawn: Record<string, string>) {
  const values: string[] = []
  const text = statement.replaceAll(/(?<!:):([a-z]\w*)/g, (_all, name: string) => {
    values.push(drawn[name] ?? '')
    return `$${values.length}`
  })
  return { text, values }
}
