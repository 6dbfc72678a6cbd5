import { envSchema } from 'env-schema'
import Type from 'typebox'

import { assert } from '../kernel/assert.ts'
import { CANARIES, type Canary } from './canary.ts'
import type { SealingKeys } from './seal.ts'

const ConfigSchema = Type.Object({
  YIQIAO_PROFILE: Type.Enum(['demo', 'production'], { default: 'production' }),
  /** Signs in as the owner of the schemas when APP_DATABASE_URL is not given. */
  DATABASE_URL: Type.String({ minLength: 1 }),
  APP_DATABASE_URL: Type.Optional(Type.String({ minLength: 1 })),
  /** 32 bytes in hex: seals personal data and secrets at rest. */
  YIQIAO_MASTER_KEY: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** Further keys to seal with, '2:<32 bytes in hex>,3:…': every process holds a key before any seals under it. */
  YIQIAO_SEALING_KEYS: Type.Optional(
    Type.String({
      pattern: '^([2-9]|[1-9][0-9]):[0-9a-f]{64}(,([2-9]|[1-9][0-9]):[0-9a-f]{64})*$',
    }),
  ),
  /** Which of the keys seals; 1 is the master key. */
  YIQIAO_SEALING_VERSION: Type.Integer({ default: 1, minimum: 1, maximum: 99 }),
  YIQIAO_HOST: Type.String({ default: '127.0.0.1' }),
  YIQIAO_PORT: Type.Integer({ default: 7100, minimum: 0, maximum: 65_535 }),
  /** The address providers reach us at, for notices; a statement names it for verification. */
  YIQIAO_PUBLIC_URL: Type.String({ default: 'http://127.0.0.1:7100' }),
  YIQIAO_LOG_LEVEL: Type.String({ default: 'info' }),
  YIQIAO_PROVIDER_TIMEOUT_MS: Type.Integer({ default: 8_000, minimum: 50, maximum: 60_000 }),
  /** How long an insurer may take to say what it would pay, all its calls together: the payer waits. */
  YIQIAO_QUOTE_DEADLINE_MS: Type.Integer({ default: 2_000, minimum: 100, maximum: 120_000 }),
  /** How often the hub looks for bills of visits that are agreed on credit, to pay them. */
  YIQIAO_VISIT_LOOK_MS: Type.Integer({ default: 60_000, minimum: 1_000, maximum: 3_600_000 }),
  /** How often books are kept in order and sealed. */
  YIQIAO_UPKEEP_MS: Type.Integer({ default: 60_000, minimum: 1_000, maximum: 3_600_000 }),
  /** A file that holds the instant: a simulated region's shared clock. */
  YIQIAO_CLOCK_FILE: Type.Optional(Type.String()),
  YIQIAO_SEED: Type.Optional(Type.String()),
  /** How often a seeded process was started before. */
  YIQIAO_INCARNATION: Type.Integer({ default: 0, minimum: 0 }),
  /** The worker does what is due only when told to, over HTTP on this port. */
  YIQIAO_STEP_PORT: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  /** The folder into which banks deliver their lists of a day. Without it, none is there. */
  YIQIAO_BANK_FILES: Type.Optional(Type.String()),
  /** The file outside the database to which the worker appends the signed heads of sealed logs. */
  YIQIAO_HEAD_FILE: Type.Optional(Type.String()),
  /** The folder in which lists that come as files are kept. Without it, `.data/statement-files`. */
  YIQIAO_STATEMENT_FILES: Type.Optional(Type.String()),
  /** The folder into which banks' servers put lists, one folder for each hospital. Without it, none is looked into. */
  YIQIAO_STATEMENT_INBOX: Type.Optional(Type.String()),
  /** Built web apps to serve beside the API. */
  YIQIAO_WEB_ROOT: Type.Optional(Type.String()),
  /** Where the sandbox's wallet shows its pages; only in a demo. */
  YIQIAO_WALLET_URL: Type.Optional(Type.String()),
  /** Where the sandbox's phone scans and pays codes; only in a demo. */
  YIQIAO_SCAN_URL: Type.Optional(Type.String()),
  YIQIAO_CANARY: Type.Optional(Type.Enum([...CANARIES])),
})

export type Config = Type.Static<typeof ConfigSchema>

/** Reads the configuration from the environment. Errors: throws, naming what is missing or unsafe. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const config = envSchema<Config>({ schema: ConfigSchema, data: env, dotenv: false, env: false })
  const forTestsOnly = [
    config.YIQIAO_CANARY,
    config.YIQIAO_CLOCK_FILE,
    config.YIQIAO_SEED,
    config.YIQIAO_STEP_PORT,
  ]
  assert(
    config.YIQIAO_PROFILE === 'demo' || forTestsOnly.every((value) => value === undefined),
    'a planted bug, a virtual clock, a seed or a worker driven by hand is refused in production',
  )
  return config
}

/** The keys that texts are sealed with. Errors: throws when the one in use is not among them. */
export function sealingKeysOf(config: Config): SealingKeys {
  const entries = config.YIQIAO_SEALING_KEYS?.split(',') ?? []
  const keys = new Map<number, Uint8Array>()
  for (const entry of entries) {
    const [version = '', key = ''] = entry.split(':')
    assert(!keys.has(Number(version)), `the sealing key ${version} is given once`)
    keys.set(Number(version), Buffer.from(key, 'hex'))
  }
  const current = config.YIQIAO_SEALING_VERSION
  assert(current === 1 || keys.has(current), `the sealing key ${current} is given`)
  return { current, keys }
}

export const canariesOf = (config: Config): ReadonlySet<Canary> =>
  new Set(config.YIQIAO_CANARY ? [config.YIQIAO_CANARY] : [])
