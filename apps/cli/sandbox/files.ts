import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { type Random, randomHex } from '../../../kernel/random.ts'
import { makeRegionSecrets, type RegionSecrets } from '../../simulators/secrets.ts'
import type { World } from '../../simulators/world/index.ts'

// What a sandbox keeps between two starts: its secrets, its database and everybody's books, in one folder.

export const SANDBOX_SEED = 'haiyue'
export const SANDBOX_PEOPLE = 200

export type SandboxFolders = { root: string; postgres: string; books: string; logs: string }

export const foldersIn = (root: string): SandboxFolders => ({
  root,
  postgres: join(root, 'postgres'),
  books: join(root, 'books'),
  logs: join(root, 'logs'),
})

/** Errors: throws when the folder holds what no sandbox has written. */
export function emptyFolder({ root }: SandboxFolders): void {
  const isOurs = existsSync(join(root, SECRETS_FILE))
  if (existsSync(root) && !isOurs && readdirSync(root).length > 0) {
    throw new Error(`${root} is not the data of a sandbox: name a folder that is new or empty`)
  }
  rmSync(root, { recursive: true, force: true })
}

const SECRETS_FILE = 'secrets.json'
const PARTIES_WITH_SECRETS = 7

export type SandboxSecrets = { masterKey: string; appPassword: string; region: RegionSecrets }

/** The secrets of this sandbox: made at its first start, and the same ever after. */
export function secretsOf(
  { root }: SandboxFolders,
  world: World,
  { random, now }: { random: Random; now: Date },
): SandboxSecrets {
  const file = join(root, SECRETS_FILE)
  if (existsSync(file)) {
    const known = JSON.parse(readFileSync(file, 'utf8')) as SandboxSecrets
    // A data folder of a version that had fewer outside systems cannot be gone on with.
    if (Object.keys(known.region).length === PARTIES_WITH_SECRETS) return known
    throw new Error(`${root} was made by another version: start with --fresh`)
  }
  const secrets = makeSecrets(world, random, now)
  writePrivately(file, secrets)
  return secrets
}

export const makeSecrets = (world: World, random: Random, now: Date): SandboxSecrets => ({
  masterKey: randomHex(random, 32),
  appPassword: randomHex(random, 16),
  region: makeRegionSecrets(world, random, now),
})

/** For the owner's eyes alone: it holds keys. */
export function writePrivately(file: string, content: object): void {
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
}
