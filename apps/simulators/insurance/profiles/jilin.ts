import { createCipheriv, createDecipheriv } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'

import type { Centre, Gateway, Profile } from '../centre.ts'
import { Refusal } from '../refusal.ts'
import { isWireObject, memberOf, parseWire, type Wire, writeWire } from '../wire-json.ts'
import { admitByToken } from './oauth.ts'
import { standard } from './rio-provinces.ts'

/** A bearer token, SM4 around the input, and an SM2 signature over the plaintext of it. */
const oauth: Gateway = { name: 'oauth', admit: admitByToken, open, seal }

/** Like Jilin. */
export const jilin: Profile = {
  ...standard,
  name: 'jilin',
  gateway: oauth,
  fundIncludesAccount: false,
  amountsAs: 'text',
  spelling: { '2208': { pdn_cash_pay: 'psn_cash_pay' } },
}

function open(centre: Centre, clientId: string, message: Wire): Wire {
  if (!isWireObject(message)) return message
  if (memberOf(message, 'encType') !== 'SM4') throw new Refusal('encType', '应为SM4')
  const plaintext = decrypt(clientId, memberOf(message, 'input'))
  if (!isSigned(centre, clientId, plaintext, memberOf(message, 'cainfo'))) {
    throw new Refusal('cainfo', 'SM2签名校验失败')
  }
  // The signature is another one each time, so it is no part of what makes two messages the same.
  const { encType: _, cainfo: __, signtype: ___, ...rest } = message
  return { ...rest, input: parseInput(plaintext) }
}

function seal(centre: Centre, clientId: string, answer: string): string {
  const message = parseWire(answer)
  const output = memberOf(message, 'output')
  if (!isWireObject(message) || output === null) return answer
  const plaintext = writeWire(output)
  const signature = sm2.doSignature(plaintext, centre.smKeys.privateKey, {
    hash: true,
    userId: centre.smUserId,
  })
  return writeWire({
    ...message,
    encType: 'SM4',
    signtype: 'SM2',
    cainfo: Buffer.from(signature, 'hex').toString('base64'),
    output: encrypt(clientId, plaintext),
  })
}

function decrypt(clientId: string, input: Wire): string {
  if (typeof input !== 'string') throw new Refusal('input', '应为SM4密文')
  try {
    const decipher = createDecipheriv('sm4-ecb', Buffer.from(clientId), null)
    return Buffer.concat([decipher.update(input, 'base64'), decipher.final()]).toString('utf8')
  } catch {
    throw new Refusal('input', 'SM4解密失败')
  }
}

function encrypt(clientId: string, plaintext: string): string {
  const cipher = createCipheriv('sm4-ecb', Buffer.from(clientId), null)
  return Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]).toString('base64')
}

function isSigned(centre: Centre, clientId: string, plaintext: string, cainfo: Wire): boolean {
  if (typeof cainfo !== 'string') return false
  const signature = Buffer.from(cainfo, 'base64').toString('hex')
  if (signature.length !== SIGNATURE_HEX) return false
  return [...centre.hospitals.values()].some(({ paasid, smPublicKey }) => {
    if (paasid !== clientId || smPublicKey === null) return false
    const options = { hash: true, userId: centre.smUserId }
    return sm2.doVerifySignature(plaintext, signature, smPublicKey, options)
  })
}

function parseInput(plaintext: string): Wire {
  try {
    return parseWire(plaintext)
  } catch {
    throw new Refusal('input', '不是JSON')
  }
}

const SIGNATURE_HEX = 128 // r‖s of 32 bytes each
