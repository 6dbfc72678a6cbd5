import { openSm4, sealSm4, signSm2, verifiesSm2 } from '../shangmi.ts'
import { type Fields, fieldsOf, Unreadable } from '../wire.ts'

// The outer body of mobile payment: {appId, encType: "SM4", signType: "SM2", version, timestamp, encData, signData}.

export type SchemeKeys = {
  appId: string
  appSecret: string
  privateKey: string
  platformPublicKey: string
  /** Of SM2. Editions differ: the standard's default, or the appSecret. */
  userId: string
}

export function sealBody(keys: SchemeKeys, data: Fields, timestamp: string): string {
  const outer = {
    appId: keys.appId,
    encType: 'SM4',
    signType: 'SM2',
    version: VERSION,
    timestamp,
  }
  return JSON.stringify({
    ...outer,
    encData: sealSm4(secretKeyOf(keys), JSON.stringify(data), 'hex'),
    signData: signSm2(signText(keys, { ...outer, data }), keys),
  })
}

const VERSION = '2.0.1'

/** Errors: Unreadable for an answer that the platform did not sign, or that does not open. */
export function openBody(keys: SchemeKeys, answer: unknown): { outer: Fields; data: Fields } {
  const outer = fieldsOf(answer, 'a JSON object')
  const data = openData(keys, outer['encData'])
  const text = signText(keys, data === null ? outer : { ...outer, data })
  const { signData } = outer
  const key = { publicKey: keys.platformPublicKey, userId: keys.userId }
  if (typeof signData !== 'string' || !verifiesSm2(text, signData, key)) {
    throw new Unreadable('the answer is not signed by the platform')
  }
  return { outer, data: data ?? {} }
}

function openData(keys: SchemeKeys, encData: unknown): Fields | null {
  if (encData === undefined || encData === null || encData === '') return null
  const text = typeof encData === 'string' ? openSm4(secretKeyOf(keys), encData, 'hex') : null
  if (text === null) throw new Unreadable('encData does not open with our key')
  try {
    return fieldsOf(JSON.parse(text), 'data')
  } catch {
    throw new Unreadable('encData is not a JSON object')
  }
}

/** k=v in the order of the names, data as JSON with sorted names, and the secret at the end. */
function signText({ appSecret }: { appSecret: string }, message: Fields): string {
  const parts = Object.keys(message)
    .toSorted()
    .filter((name) => !UNSIGNED.has(name))
    .map((name): [string, string] => [name, textOf(message[name])])
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${name}=${text}`)
  return [...parts, `key=${appSecret}`].join('&')
}

const UNSIGNED = new Set(['signData', 'encData', 'extra'])

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(sorted(value))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, inside]) => [name, sorted(inside)]))
}

/** The first 16 characters of the appSecret's ciphertext under the first 16 of the appId. */
const secretKeyOf = ({ appId, appSecret }: SchemeKeys): string =>
  sealSm4(appId.slice(0, 16), appSecret, 'hex').slice(0, 16)
