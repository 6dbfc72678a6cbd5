import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

export function emptyFolder({ root }: SandboxFolders): void {
  rmSync(root, { recursive: true, force: true })
}

export type SandboxSecrets = { masterKey: string; appPassword: string; region: RegionSecrets }

/** The secrets of this sandbox: made at its first start, and the same ever after. */
export function secretsOf({ root }: SandboxFolders, world: World, random: Random): SandboxSecrets {
  const file = join(root, 'secrets.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as SandboxSecrets
  const secrets = makeSecrets(world, random)
  writePrivately(file, secrets)
  return secrets
}

export const makeSecrets = (world: World, random: Random): SandboxSecrets => ({
  masterKey: randomHex(random, 32),
  appPassword: randomHex(random, 16),
  region: makeRegionSecrets(world, random),
})

/** For the owner's eyes alone: it holds keys. */
export function writePrivately(file: string, content: object): void {
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
}
