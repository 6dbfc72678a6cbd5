import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { isAbsolute } from 'node:path'

import { sm2 } from 'sm-crypto-v2'
import Type from 'typebox'

import { type AppError, defineErrors } from '../../kernel/error.ts'
import { httpUrlOf, isBaseUrl } from '../outgoing/http-url.ts'
import { createExpressions } from './expressions.ts'
import { Name, object, optional, text, Title } from './schema-parts.ts'

const errors = defineErrors('declarative', { params_invalid: 'invalid' })

export const PARAMETER_FORMATS = [
  'text',
  'origin',
  'base_url',
  'host',
  'port',
  'folder',
  'notify_url',
  'rsa_private_key',
  'rsa_public_key',
  'sm2_private_key',
  'sm2_public_key',
  'key_text',
  'key_hex',
  'key_base64',
] as const

/** One thing that a contract with the other side gives, and a descriptor asks for by name. */
export const Parameter = object({
  name: Name,
  title: Title,
  /** origin: scheme and host. base_url: with a path. notify_url: where the hospital's notices go. key_…: the bytes of a secret key. */
  format: Type.Enum(PARAMETER_FORMATS),
  /** Private and symmetric keys are secret whether it is said or not. */
  secret: optional(Type.Boolean()),
  optional: optional(Type.Boolean()),
  pattern: optional(text(200)),
  example: optional(text(200)),
})

export type Parameter = Type.Static<typeof Parameter>

/** A text for each parameter of a descriptor. */
export type Params = Readonly<Record<string, string>>

/**
 * Reads stored or entered params. Errors: 'declarative.params_invalid' with the field, as a JSON pointer, and what is
 * wrong with it; never with its value, as many of the fields are secrets.
 */
export function readParams(parameters: readonly Parameter[], value: unknown): Params {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw paramsInvalid('', 'must be an object')
  }
  const given = value as Record<string, unknown>
  const known = new Set(parameters.map(({ name }) => name))
  const strange = Object.keys(given).find((name) => !known.has(name))
  if (strange !== undefined) throw paramsInvalid(`/${strange.slice(0, 40)}`, 'is not known')
  const params: Record<string, string> = {}
  for (const parameter of parameters) {
    const text = readOne(parameter, given[parameter.name])
    if (text !== null) params[parameter.name] = text
  }
  return params
}

const MAX_VALUE_LENGTH = 16_384
const MAX_PATTERN_TEXT = 4_096

function readOne(parameter: Parameter, value: unknown): string | null {
  const field = `/${parameter.name}`
  if (value === undefined || value === null || value === '') {
    if (parameter.optional) return null
    throw paramsInvalid(field, 'is missing')
  }
  if (typeof value !== 'string') throw paramsInvalid(field, 'must be a text')
  if (value.length > MAX_VALUE_LENGTH)
    throw paramsInvalid(field, `is over ${MAX_VALUE_LENGTH} characters`)
  const wrong = FORMATS[parameter.format](value)
  if (wrong !== null) throw paramsInvalid(field, wrong)
  if (parameter.pattern !== undefined) {
    const fits =
      value.length <= MAX_PATTERN_TEXT && createExpressions().fits(parameter.pattern, value)
    if (!fits) throw paramsInvalid(field, `must fit ${parameter.pattern}`)
  }
  return value
}

const FORMATS: Record<Parameter['format'], (text: string) => string | null> = {
  text: () => null,
  origin: (text) =>
    httpUrlOf(text)?.origin === text
      ? null
      : 'must be scheme and host only, like https://pay.example',
  base_url: (text) =>
    isBaseUrl(text) ? null : 'must be an address with http or https, without user and query',
  host: (text) => (/^[A-Za-z0-9.:-]{1,253}$/.test(text) ? null : 'must be a host or an address'),
  port: (text) =>
    /^[1-9][0-9]{0,4}$/.test(text) && Number(text) < 65_536 ? null : 'must be a port',
  folder: (text) => (isAbsolute(text) ? null : 'must be a folder, from the root on'),
  notify_url(text) {
    const url = httpUrlOf(text)
    if (url === null) return 'must be an address with http or https'
    return text.includes('?') || text.includes('#') ? 'must not have a query' : null
  },
  rsa_private_key: (text) => wrongRsaKey(() => createPrivateKey(text)),
  rsa_public_key: (text) => wrongRsaKey(() => createPublicKey(text)),
  sm2_private_key: (text) =>
    /^[0-9a-fA-F]{64}$/.test(text) ? null : 'must be 64 hexadecimal digits',
  sm2_public_key: (text) =>
    isSm2PublicKey(text) ? null : 'must be a point of the curve: 04 and 128 hexadecimal digits',
  key_text: (text) => (/^[\x21-\x7e]+$/.test(text) ? null : 'must be of visible ASCII'),
  key_hex: (text) =>
    /^([0-9a-fA-F]{2})+$/.test(text) ? null : 'must be pairs of hexadecimal digits',
  key_base64: (text) =>
    /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0 ? null : 'must be base64',
}

/** A point of the curve, uncompressed, in hexadecimal. */
export function isSm2PublicKey(text: string): boolean {
  try {
    return /^04[0-9a-fA-F]{128}$/.test(text) && sm2.verifyPublicKey(text)
  } catch {
    return false // the library throws for a point beside the curve
  }
}

const SECRET_FORMATS: ReadonlySet<Parameter['format']> = new Set([
  'rsa_private_key',
  'sm2_private_key',
  'key_text',
  'key_hex',
  'key_base64',
])

/** A secret is kept out of every expression, template, trace and explanation. */
export const isSecret = (parameter: Parameter): boolean =>
  parameter.secret === true || SECRET_FORMATS.has(parameter.format)

/** The params with the keys ready for use. */
export type Account = {
  /** What templates and expressions may see. */
  open: Readonly<Record<string, string>>
  secrets: readonly string[]
  rsa: ReadonlyMap<string, KeyObject>
  sm2: ReadonlyMap<string, Sm2Key>
  bytes: ReadonlyMap<string, Buffer>
}

/** `publicKey` of a private one belongs to it. */
export type Sm2Key = { privateKey: string | null; publicKey: string }

export function toAccount(parameters: readonly Parameter[], params: Params): Account {
  const given = parameters.flatMap((parameter) => {
    const text = params[parameter.name]
    return text === undefined ? [] : [{ parameter, text, format: parameter.format }]
  })
  const ofFormat = <T>(read: (format: Parameter['format'], text: string) => T | null) =>
    new Map(
      given.flatMap(({ parameter, text, format }): [string, T][] => {
        const key = read(format, text)
        return key === null ? [] : [[parameter.name, key]]
      }),
    )
  return {
    open: Object.fromEntries(
      given
        .filter(({ parameter }) => !isSecret(parameter))
        .map(({ parameter, text }) => [parameter.name, text]),
    ),
    secrets: given.filter(({ parameter }) => isSecret(parameter)).map(({ text }) => text),
    rsa: ofFormat(rsaKeyOf),
    sm2: ofFormat(sm2KeyOf),
    bytes: ofFormat(bytesOf),
  }
}

function rsaKeyOf(format: Parameter['format'], text: string): KeyObject | null {
  if (format === 'rsa_private_key') return createPrivateKey(text)
  return format === 'rsa_public_key' ? createPublicKey(text) : null
}

function sm2KeyOf(format: Parameter['format'], text: string): Sm2Key | null {
  if (format === 'sm2_private_key') {
    return { privateKey: text, publicKey: sm2.getPublicKeyFromPrivateKey(text) }
  }
  return format === 'sm2_public_key' ? { privateKey: null, publicKey: text } : null
}

export function bytesOf(format: Parameter['format'], text: string): Buffer | null {
  switch (format) {
    case 'key_text':
      return Buffer.from(text, 'ascii')
    case 'key_hex':
      return Buffer.from(text, 'hex')
    case 'key_base64':
      return Buffer.from(text, 'base64')
    default:
      return null
  }
}

const SMALLEST_KEY_BITS = 2_048

function wrongRsaKey(read: () => KeyObject): string | null {
  try {
    const key = read()
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    return key.asymmetricKeyType === 'rsa' && bits >= SMALLEST_KEY_BITS
      ? null
      : `must be an RSA key of at least ${SMALLEST_KEY_BITS} bits`
  } catch {
    return 'must be a key in PEM'
  }
}

/** `reason` never holds the value, as many of the fields are secrets. */
export const paramsInvalid = (field: string, reason: string): AppError =>
  errors.params_invalid({ field, reason })
