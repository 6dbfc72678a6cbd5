import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import {
  chown,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { isAlive } from './earlier-server.ts'
import { EmbeddedPostgresError } from './error.ts'
import { findPrograms, programPath, type Programs } from './programs.ts'
import {
  chooseRunAs,
  commandPrefix,
  handOver,
  programsFor,
  type RunAs,
  surroundings,
} from './run-as.ts'

/** A cluster on disk, with the programs and the user that fit it. */
export type Cluster = { dir: string; programs: Programs; runAs: RunAs; password: string }

/** What programs see. Nothing of the caller's, whose PG… variables would otherwise have a say. */
export const CLEAN_ENV = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/',
  LC_ALL: 'C',
  TZ: 'UTC',
}

/**
 * Opens the cluster below `dataDir`, and makes it first if there is none: locale C, UTF-8, page
 * checksums, superuser "postgres" by password. A cluster is made aside and then renamed, so that
 * one cut short is never mistaken for a whole one.
 */
export async function openCluster(options: {
  dataDir: string
  password?: string
  durable?: boolean
  runAs?: RunAs
}): Promise<Cluster> {
  const dataDir = await makeDataDir(options.dataDir)
  const dir = join(dataDir, 'pg')
  const major = await majorOf(dir)
  const found = await findPrograms(major)
  const runAs = options.runAs ?? chooseRunAs(await surroundings(dataDir, found))
  const programs = await programsFor(runAs, found)
  await removeHalfMade(dataDir)
  const password = options.password ?? (await passwordIn(dataDir, major !== undefined))
  const cluster = { dir, programs, runAs, password }
  if (major === undefined) await makeCluster(cluster, dataDir, options.durable ?? true)
  else await handOver(runAs, dir)
  return cluster
}

/** The real path, as the server's own working directory is later compared with it. */
async function makeDataDir(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await rm(await writeProbe(dataDir))
    return await realpath(dataDir)
  } catch (error) {
    throw unusable(dataDir, error as Error)
  }
}

const unusable = (dir: string, cause: Error) =>
  new EmbeddedPostgresError(
    'data_dir_unusable',
    `The data directory ${dir} cannot be used: ${cause.message}. ` +
      'Start as its owner, or choose another directory.',
    { cause },
  )

async function writeProbe(dataDir: string): Promise<string> {
  const path = join(dataDir, `.probe-${process.pid}-${randomBytes(4).toString('hex')}`)
  await writeFile(path, '')
  return path
}

async function majorOf(dir: string): Promise<number | undefined> {
  try {
    if ((await readdir(dir)).length === 0) return undefined
    const version = await readFile(join(dir, 'PG_VERSION'), 'utf8')
    if (/^\d+\s*$/.test(version)) return Number(version)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw unusable(dir, error as Error)
    if (!existsSync(dir)) return undefined
  }
  throw new EmbeddedPostgresError(
    'data_dir_unusable',
    `${dir} is neither empty nor a PostgreSQL cluster. Move it away, or choose another directory.`,
  )
}

/** What a process made that ended before its cluster was whole. Living processes keep theirs. */
async function removeHalfMade(dataDir: string) {
  for (const name of await readdir(dataDir)) {
    const maker = /^pg\.init-(\d+)-/.exec(name)?.[1]
    if (maker !== undefined && !isAlive(Number(maker))) {
      await rm(join(dataDir, name), { recursive: true, force: true })
    }
  }
}

async function passwordIn(dataDir: string, hasCluster: boolean): Promise<string> {
  const path = join(dataDir, 'password')
  if (!hasCluster) {
    const fresh = randomBytes(24).toString('hex')
    // Of two processes that start at once, the first writes and both use what it wrote.
    await writeFile(path, `${fresh}\n`, { mode: 0o600, flag: 'wx' }).catch(ignoreExisting)
    if (process.getuid?.() === 0) {
      const { uid, gid } = await stat(dataDir)
      await chown(path, uid, gid)
    }
  }
  const password = (await readFile(path, 'utf8').catch(() => '')).trim()
  if (password !== '') return password
  throw new EmbeddedPostgresError(
    'password_missing',
    `There is a cluster but no password in ${path}. Put the one of user postgres there.`,
  )
}

async function makeCluster(cluster: Cluster, dataDir: string, durable: boolean) {
  const unfinished = await mkdtemp(join(dataDir, `pg.init-${process.pid}-`))
  try {
    await handOver(cluster.runAs, unfinished)
    await runInitdb(cluster, unfinished, durable)
    await rename(unfinished, cluster.dir)
    await syncDirectory(dataDir)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error // else another process was first
  }
}

async function runInitdb({ programs, runAs, password }: Cluster, dir: string, durable: boolean) {
  // A file, because the command line of a process is for everyone to see.
  const passwordFile = `${dir}.password`
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' })
  const [command = '', ...args] = [
    ...commandPrefix(runAs),
    programPath(programs, 'initdb'),
    `--pgdata=${dir}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--locale=C',
    '--encoding=UTF8',
    '--data-checksums',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ]
  try {
    await promisify(execFile)(command, args, { env: CLEAN_ENV, cwd: '/' })
  } catch (error) {
    const { stderr } = error as { stderr?: string }
    const reason = stderr?.trim() || (error as Error).message
    throw new EmbeddedPostgresError('start_failed', `initdb failed: ${reason}`, { cause: error })
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** Makes the new name as safe against a power cut as initdb has made the files. */
async function syncDirectory(path: string) {
  const directory = await open(path)
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

function ignoreExisting(error: NodeJS.ErrnoException) {
  if (error.code !== 'EEXIST') throw error
}
