import { createCipheriv, createDecipheriv } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'

import type { Centre, Hospital, MobileApp } from '../centre.ts'
import { Refusal } from '../refusal.ts'
import {
  canonicalWire,
  isWireObject,
  JsonNumber,
  memberOf,
  parseWire,
  type Wire,
  type WireObject,
  writeWire,
} from '../wire-json.ts'

/** What a message says, and the hospital that signed it. */
export type OpenedMessage = { hospital: Hospital; app: MobileApp; data: WireObject }

/**
 * Opens the outer body {appId, encType, signType, version, timestamp, encData, signData}.
 *
 * Errors: a Refusal for an unknown appId, another scheme, a cipher that does not open, a signature
 * that is not the hospital's.
 */
export function openMessage(centre: Centre, body: string): OpenedMessage {
  const outer = parseBody(body)
  const appId = memberOf(outer, 'appId')
  const hospital = [...centre.hospitals.values()].find(({ mobile }) => mobile?.appId === appId)
  if (!hospital?.mobile) throw new Refusal('appId', '应用不存在')
  if (memberOf(outer, 'encType') !== 'SM4') throw new Refusal('encType', '应为SM4')
  if (memberOf(outer, 'signType') !== 'SM2') throw new Refusal('signType', '应为SM2')
  const data = decrypt(hospital.mobile, memberOf(outer, 'encData'))
  const signData = memberOf(outer, 'signData')
  if (!isSigned(centre, hospital, signText(hospital.mobile, { ...outer, data }), signData)) {
    throw new Refusal('signData', 'SM2签名校验失败')
  }
  return { hospital, app: hospital.mobile, data }
}

/** The outer body of an answer. `data` null where there is none to give. */
export function sealAnswer(
  centre: Centre,
  app: MobileApp,
  answer: { success: boolean; message: string; data: WireObject | null; timestamp: string },
): string {
  const outer: WireObject = {
    appId: app.appId,
    code: new JsonNumber(answer.success ? '0' : '-1'),
    message: answer.message,
    success: answer.success,
    encType: 'SM4',
    signType: 'SM2',
    version: '2.0.1',
    timestamp: answer.timestamp,
  }
  const text = signText(app, answer.data === null ? outer : { ...outer, data: answer.data })
  const signature = sm2.doSignature(text, centre.smKeys.privateKey, {
    hash: true,
    userId: centre.smUserId,
  })
  return writeWire({
    ...outer,
    encData: answer.data === null ? null : encrypt(app, writeWire(answer.data)),
    signData: Buffer.from(signature, 'hex').toString('base64'),
  })
}

/** k=v in the order of the names, data as JSON with sorted names, and the secret at the end. */
function signText(app: MobileApp, message: WireObject): string {
  const parts = Object.keys(message)
    .sort()
    .filter((name) => !UNSIGNED.includes(name))
    .flatMap((name) => {
      const text = textOf(memberOf(message, name))
      return text === '' ? [] : [`${name}=${text}`]
    })
  return [...parts, `key=${app.appSecret}`].join('&')
}

function textOf(value: Wire): string {
  if (value === null) return ''
  if (typeof value === 'string') return value
  return value instanceof JsonNumber ? value.text : canonicalWire(value)
}

function isSigned(centre: Centre, hospital: Hospital, text: string, signData: Wire): boolean {
  if (typeof signData !== 'string' || hospital.smPublicKey === null) return false
  const signature = Buffer.from(signData, 'base64').toString('hex')
  if (signature.length !== SIGNATURE_HEX) return false
  const options = { hash: true, userId: centre.smUserId }
  return sm2.doVerifySignature(text, signature, hospital.smPublicKey, options)
}

/** The first 16 characters of the appSecret's ciphertext under the first 16 of the appId. */
function secretKeyOf({ appId, appSecret }: MobileApp): string {
  return sm4(appId.slice(0, KEY_LENGTH), appSecret).slice(0, KEY_LENGTH)
}

const encrypt = (app: MobileApp, text: string) => sm4(secretKeyOf(app), text)

function decrypt(app: MobileApp, encData: Wire): WireObject {
  if (typeof encData !== 'string' || !/^[0-9A-F]+$/.test(encData)) {
    throw new Refusal('encData', '应为大写十六进制密文')
  }
  try {
    const decipher = createDecipheriv('sm4-ecb', secretKeyOf(app), null)
    const plaintext = Buffer.concat([decipher.update(encData, 'hex'), decipher.final()])
    const data = parseWire(plaintext.toString('utf8'))
    if (isWireObject(data)) return data
  } catch {
    throw new Refusal('encData', '解密失败或不是JSON')
  }
  throw new Refusal('encData', '不是JSON对象')
}

function sm4(key: string, text: string): string {
  const cipher = createCipheriv('sm4-ecb', key, null)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return sealed.toString('hex').toUpperCase()
}

function parseBody(body: string): WireObject {
  try {
    const outer = parseWire(body)
    if (isWireObject(outer)) return outer
  } catch {
    throw new Refusal('报文', '不是JSON')
  }
  throw new Refusal('报文', '不是JSON对象')
}

const UNSIGNED = ['signData', 'encData', 'extra']
const KEY_LENGTH = 16
const SIGNATURE_HEX = 128
