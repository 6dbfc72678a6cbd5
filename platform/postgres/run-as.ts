import { execFile } from 'node:child_process'
import {
  chmod,
  cp,
  lstat,
  lchown,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
} from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { EmbeddedPostgresError } from './error.ts'
import type { Programs } from './programs.ts'

/**
 * Whom the server runs as. PostgreSQL refuses root, and a user without a name.
 *
 *   self         an ordinary user
 *   namespace    root, or a user without a name: takes another name in a user namespace, while the
 *                files stay its own and no second user comes into play
 *   other-user   root where namespaces are forbidden (many containers), or where the data belongs
 *                to an ordinary user who started it before
 */
export type RunAs =
  | { kind: 'self' }
  | { kind: 'namespace'; uid: number; gid: number }
  | { kind: 'other-user'; uid: number; gid: number }

export type Surroundings = {
  uid: number
  hasName: boolean
  dataDirOwner: { uid: number; gid: number }
  /** A user namespace can be made, and in it the programs and the data are within reach. */
  namespacesWork: boolean
  nobody: { uid: number; gid: number } | undefined
}

/** Pure: who the server should be, given what this machine allows. */
export function chooseRunAs(here: Surroundings): RunAs {
  const isRoot = here.uid === 0
  if (!isRoot && (here.hasName || !here.namespacesWork)) return { kind: 'self' }
  // An ordinary user's directory stays theirs, so that they can start without root again.
  if (isRoot && here.dataDirOwner.uid !== 0) return { kind: 'other-user', ...here.dataDirOwner }
  if (!here.nobody) {
    throw new EmbeddedPostgresError(
      'identity_unavailable',
      'PostgreSQL does not run as root, and /etc/passwd has no user "nobody" or "postgres". ' +
        'Start as an ordinary user, or set DATABASE_URL.',
    )
  }
  return { kind: here.namespacesWork ? 'namespace' : 'other-user', ...here.nobody }
}

export async function surroundings(dataDir: string, programs: Programs): Promise<Surroundings> {
  const uid = process.getuid?.() ?? 0
  const nobody = await findNobody()
  const hasName = ownName() !== undefined
  const owner = await stat(dataDir)
  const paths = [join(programs.home, 'bin/postgres'), dataDir]
  return {
    uid,
    hasName,
    nobody,
    dataDirOwner: { uid: owner.uid, gid: owner.gid },
    namespacesWork: (uid === 0 || !hasName) && nobody !== undefined && (await reach(nobody, paths)),
  }
}

/** The words to put before a command so that it runs as decided. */
export function commandPrefix(runAs: RunAs): string[] {
  switch (runAs.kind) {
    case 'self':
      return []
    case 'namespace':
      return ['unshare', '--user', `--map-user=${runAs.uid}`, `--map-group=${runAs.gid}`]
    case 'other-user':
      // The data may lie below /root, where the other user may not pass. It keeps that one right.
      return [
        'setpriv',
        `--reuid=${runAs.uid}`,
        `--regid=${runAs.gid}`,
        '--clear-groups',
        '--inh-caps=+dac_override',
        '--ambient-caps=+dac_override',
      ]
  }
}

/** Gives the files to the user the server will be, as it refuses a cluster of anyone else. */
export async function handOver(runAs: RunAs, dir: string): Promise<void> {
  if (process.getuid?.() !== 0 || runAs.kind === 'self') return
  const owner = runAs.kind === 'namespace' ? { uid: 0, gid: 0 } : runAs
  if ((await stat(dir)).uid === owner.uid) return
  for (const entry of await readdir(dir, { recursive: true })) {
    await lchown(join(dir, entry), owner.uid, owner.gid)
  }
  await lchown(dir, owner.uid, owner.gid) // last: it is the mark that all is done
}

/**
 * Programs that the user can run. The right to pass everywhere does not help with programs, because
 * PostgreSQL asks access(2), which ignores it: so the other user gets a copy in /var/tmp.
 */
export async function programsFor(
  runAs: RunAs,
  programs: Programs,
  copies = '/var/tmp',
): Promise<Programs> {
  if (runAs.kind !== 'other-user' || !programs.portable) return programs
  const { size, mtimeMs } = await stat(join(programs.home, 'bin/postgres'))
  const copy = join(copies, `yiqiao-postgres-${programs.major}-${size}-${Math.floor(mtimeMs)}`)
  if ((await lstat(copy).catch(() => undefined)) === undefined) await copyPrograms(programs, copy)
  await assertOwnCopy(copy)
  return { ...programs, home: copy }
}

async function copyPrograms(programs: Programs, copy: string) {
  const unfinished = await mkdtemp(`${copy}-`)
  try {
    await cp(programs.home, unfinished, { recursive: true, verbatimSymlinks: true })
    await chmod(unfinished, 0o755)
    await rename(unfinished, copy)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error // else another process was first
  }
}

/** Everyone may write in /var/tmp: a program that someone else put there must not be run by root. */
async function assertOwnCopy(copy: string) {
  const found = await lstat(copy)
  if (found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0) return
  throw new EmbeddedPostgresError(
    'identity_unavailable',
    `${copy} is not root's own. Look who made it, and remove it.`,
  )
}

/** Root in a namespace has no rights over other users' files: it cannot even pass their homes. */
async function reach(user: { uid: number; gid: number }, paths: string[]): Promise<boolean> {
  const [command = '', ...args] = commandPrefix({ kind: 'namespace', ...user })
  const script = 'for path; do test -r "$path" && test -x "$path" || exit 1; done'
  return promisify(execFile)(command, [...args, 'sh', '-c', script, 'sh', ...paths]).then(
    () => true,
    () => false,
  )
}

async function findNobody(): Promise<{ uid: number; gid: number } | undefined> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const users = passwd.split('\n').map((line) => line.split(':'))
  const user = ['nobody', 'postgres'].flatMap((name) => users.filter((u) => u[0] === name))[0]
  return user && { uid: Number(user[2]), gid: Number(user[3]) }
}

function ownName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined // containers may run under a number that /etc/passwd does not know
  }
}
