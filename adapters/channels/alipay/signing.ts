import { createCipheriv, createDecipheriv, type KeyObject, sign, verify } from 'node:crypto'

// The proofs of Alipay's gateway, without network and clock: every function here is pure.

/** RSA2: what is signed is never URL-encoded; `sign` itself and what is empty are left out. */
export function signParams(key: KeyObject, params: Readonly<Record<string, string>>): string {
  return sign('RSA-SHA256', Buffer.from(textToSign(params)), key).toString('base64')
}

export function textToSign(params: Readonly<Record<string, string>>): string {
  return Object.keys(params)
    .filter((name) => name !== 'sign' && params[name] !== '')
    .sort()
    .map((name) => `${name}=${params[name]}`)
    .join('&')
}

export const isSigned = (key: KeyObject, text: string, signature: string): boolean =>
  verify('RSA-SHA256', Buffer.from(text), key, Buffer.from(signature, 'base64'))

/**
 * Whether Alipay signed these values of a notice. Payments sign without sign_type ("V1"), some services with it
 * ("V2"), and nothing in a notice says which.
 */
export function isNoticeSigned(key: KeyObject, values: ReadonlyMap<string, string>): boolean {
  const signature = values.get('sign') ?? ''
  const names = [...values.keys()].filter((name) => name !== 'sign').sort()
  const textOf = (signed: readonly string[]) =>
    signed.map((name) => `${name}=${values.get(name)}`).join('&')
  const withoutType = names.filter((name) => name !== 'sign_type')
  return [withoutType, names].some((signed) => isSigned(key, textOf(signed), signature))
}

const NO_IV = Buffer.alloc(16)
const cipherOf = (key: Buffer) => `aes-${key.length * 8}-cbc`

/** AES-CBC with a zero vector and PKCS#7, in base64: the encryption of biz_content. */
export function encryptContent(key: Buffer, text: string): string {
  const cipher = createCipheriv(cipherOf(key), key, NO_IV)
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64')
}

/** Null when it was not encrypted with this key. */
export function decryptContent(key: Buffer, base64: string): string | null {
  try {
    const decipher = createDecipheriv(cipherOf(key), key, NO_IV)
    const bytes = Buffer.concat([decipher.update(base64, 'base64'), decipher.final()])
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/**
 * The members of a JSON object with their values exactly as they stand in the text: a signature is over those very
 * characters, escapes and spaces included, and would not survive being parsed and written anew.
 *
 * Errors: null when the text is no JSON object, or names a member twice.
 */
export function rawMembers(text: string): Map<string, string> | null {
  if (!isJsonObject(text)) return null
  const members = new Map<string, string>()
  let at = skipSpace(text, text.indexOf('{') + 1)
  while (text[at] === '"') {
    const nameEnd = endOfString(text, at)
    const name = JSON.parse(text.slice(at, nameEnd)) as string
    const valueStart = skipSpace(text, text.indexOf(':', nameEnd) + 1)
    const valueEnd = endOfValue(text, valueStart)
    if (members.has(name)) return null
    members.set(name, text.slice(valueStart, valueEnd))
    at = skipSpace(text, valueEnd)
    if (text[at] === ',') at = skipSpace(text, at + 1)
  }
  return members
}

/** Once the parser has taken the text, the walk through it may rely on its grammar. */
function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (' \t\r\n'.includes(text[at] ?? '-')) at += 1
  return at
}

function endOfString(text: string, from: number): number {
  let at = from + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

/** The end of a value, spaces after it left out. */
function endOfValue(text: string, from: number): number {
  let at = from
  let depth = 0
  do {
    const character = text[at] ?? ''
    if (character === '"') {
      at = endOfString(text, at)
      continue
    }
    if ('{['.includes(character)) depth += 1
    if ('}]'.includes(character)) depth -= 1
    at += 1
  } while (depth > 0 || !',}]'.includes(text[at] ?? ''))
  return from + text.slice(from, at).trimEnd().length
}
