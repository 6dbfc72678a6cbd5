import { hash, type Options, parseOptions, verify } from '@node-rs/argon2'

import type { Random } from '../../kernel/random.ts'
import { identityErrors } from './errors.ts'

// Source: OWASP password storage cheat sheet, argon2id: 19 MiB, two passes, one lane.
const PARAMETERS = {
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
  outputLen: 32,
} satisfies Options
const SALT_BYTES = 16

const MIN_LENGTH = 8
const MAX_LENGTH = 128

/** Hashes a password as it was typed. The only form in which one is ever stored. */
export const hashPassword = (random: Random, password: string): Promise<string> =>
  hash(password, { ...PARAMETERS, salt: random.bytes(SALT_BYTES) })

/**
 * True when the password is the one that was hashed. Without a hash it takes as long and says no, so that
 * time does not tell whether a login name exists.
 */
export async function verifyPassword(
  passwordHash: string | null,
  password: string,
): Promise<boolean> {
  const matches = await verify(passwordHash ?? DECOY, password)
  return matches && passwordHash !== null
}

/** True for a hash that was made with other parameters than now. */
export function needsRehash(passwordHash: string): boolean {
  const { memoryCost, timeCost, parallelism } = parseOptions(passwordHash)
  return (
    memoryCost !== PARAMETERS.memoryCost ||
    timeCost !== PARAMETERS.timeCost ||
    parallelism !== PARAMETERS.parallelism
  )
}

/**
 * Refuses what is guessed first: short passwords, common ones, runs of the keyboard, and what stands in
 * `context` (login name, phone). Any letters may make up the rest. Errors: throws
 * identity.password_unacceptable with the rule.
 */
export function checkPassword(password: string, context: readonly string[]): void {
  const length = Array.from(password).length
  const plain = password.toLowerCase()
  const refuse = (rule: string) => identityErrors.password_unacceptable({ rule })
  if (length < MIN_LENGTH) throw refuse('too_short')
  if (length > MAX_LENGTH) throw refuse('too_long')
  if (isCommon(plain)) throw refuse('common')
  const known = context.map((word) => word.toLowerCase()).filter((word) => word.length >= 4)
  if (known.some((word) => plain.includes(word))) throw refuse('about_you')
}

/** Errors: throws identity.password_unacceptable for what is no argon2id hash. */
export function checkPasswordHash(passwordHash: string): void {
  if (/^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[\w+/]+\$[\w+/]+$/.test(passwordHash)) return
  throw identityErrors.password_unacceptable({ rule: 'no_argon2id_hash' })
}

const { memoryCost, timeCost, parallelism, outputLen } = PARAMETERS
const base64 = (bytes: number) => Buffer.alloc(bytes, 1).toString('base64').replaceAll('=', '')
const DECOY =
  `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}` +
  `$${base64(SALT_BYTES)}$${base64(outputLen)}`

// Words that, with or without some digits and marks around them, head every list of leaked passwords.
const COMMON_WORDS = new Set(
  (
    'password passw0rd p@ssword p@ssw0rd admin administrator root welcome letmein iloveyou woaini ' +
    'dragon monkey football baseball superman batman sunshine princess master shadow michael jordan ' +
    'hospital doctor patient yiqiao yiyuan mima test guest user login secret changeme default abc ' +
    'a qwe qwer qwerty asd asdf zxc aa ab abcd'
  ).split(' '),
)

const RUNS = ['01234567890123456789', '09876543210987654321', 'abcdefghijklmnopqrstuvwxyz']
const KEYBOARD = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm', '1qaz2wsx3edc4rfv5tgb', '1q2w3e4r5t6y7u8i']

function isCommon(plain: string): boolean {
  const word = plain.replaceAll(/^[\d\W_]+|[\d\W_]+$/g, '')
  const isOnlyAscii = /^[\x20-\x7e]+$/.test(plain)
  return (
    (isOnlyAscii && (word === '' ? isWeakNumber(plain) : COMMON_WORDS.has(word))) ||
    new Set(plain).size <= 3 ||
    [...RUNS, ...KEYBOARD].some((run) => run.includes(plain))
  )
}

// Digits alone: a day, a phone number or a run. Fourteen of them are at least long.
const isWeakNumber = (plain: string) => plain.replaceAll(/\D/g, '').length < 14
