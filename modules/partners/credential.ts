import { createHash, timingSafeEqual } from 'node:crypto'

import { type Random, randomHex } from '../../kernel/random.ts'

/** Which installation a secret is for: one of a sandbox is refused by a live one by its very form. */
export type Environment = 'live' | 'sandbox'

const MARK = { live: 'live', sandbox: 'test' } as const
const RANDOM_BYTES = 32
const CLIENT_ID_BYTES = 12

// Each says what it is, so that one that ends up in a repository or a log is found by a search.
const CLIENT = 'yqc_'
const SECRET = 'yqs_'
const TOKEN = 'yqt_'

export const newClientId = (random: Random): string => CLIENT + randomHex(random, CLIENT_ID_BYTES)

export const newClientSecret = (random: Random, environment: Environment): string =>
  `${SECRET}${MARK[environment]}_${randomHex(random, RANDOM_BYTES)}`

export const newAccessToken = (random: Random, environment: Environment): string =>
  `${TOKEN}${MARK[environment]}_${randomHex(random, RANDOM_BYTES)}`

export const isClientSecret = (text: string, environment: Environment): boolean =>
  /^yqs_(live|test)_[0-9a-f]{64}$/.test(text) && text.startsWith(`${SECRET}${MARK[environment]}_`)

export const isAccessToken = (text: string, environment: Environment): boolean =>
  /^yqt_(live|test)_[0-9a-f]{64}$/.test(text) && text.startsWith(`${TOKEN}${MARK[environment]}_`)

/** True for any text that means to be a token of ours, right or wrong: whose matter a request is. */
export const looksLikeAccessToken = (text: string): boolean => text.startsWith(TOKEN)

/** 256 random bits need no salt and no slowness: a plain digest gives nothing away. */
export const hashOfSecret = (text: string): string =>
  createHash('sha256').update(text).digest('hex')

/** Takes the same time wherever the two differ. */
export function isSameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, 'hex'), Buffer.from(b, 'hex')]
  return left.length === right.length && timingSafeEqual(left, right)
}
