import { createHash, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto'

import { readSigner, type Trust } from './certificates.ts'
import type { Fields } from './message.ts'

// The proofs of ACP 5.1.0, without network and clock: every function here is pure.

export type Signing =
  | { method: '01'; key: KeyObject; certId: string }
  /** A key both sides know, with SHA-256 ('11') or SM3 ('12'). */
  | { method: '11' | '12'; secureKey: string }

/** The fields as they are sent: without empty ones, with the method, the certificate's number and the signature. */
export function signFields(signing: Signing, fields: Fields): Record<string, string> {
  const named: Record<string, string> = { ...fields, signMethod: signing.method }
  if (signing.method === '01') named['certId'] = signing.certId
  const sent = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== ''))
  return { ...sent, signature: signatureOf(signing, sent) }
}

export type Proof = { proven: true } | { proven: false; reason: string }

/** Whether a message was made by UnionPay: signed by a certificate of its own, or with the key both know. */
export function proofOf(signing: Signing, trust: Trust, fields: Fields, now: Date): Proof {
  const { signature, ...signed } = fields
  if (!signature) return unproven('it carries no signature')
  // Whoever could choose the method could choose one whose key they know.
  if (fields['signMethod'] !== signing.method) return unproven('it is signed by another method')
  if (fields['version'] !== '5.1.0') return unproven('it is of another version')
  if (signing.method !== '01') {
    const isSame = sameText(signature, signatureOf(signing, signed))
    return isSame ? { proven: true } : unproven('its signature is wrong')
  }
  const signer = readSigner(fields['signPubKeyCert'] ?? '', trust, now)
  if (signer.outcome === 'refused') return unproven(signer.reason)
  const { publicKey } = signer.certificate
  const digest = Buffer.from(hexDigest('sha256', sortedText(signed)))
  const bytes = readBase64(signature)
  const isSigned = bytes !== null && verify('RSA-SHA256', digest, publicKey, bytes)
  return isSigned ? { proven: true } : unproven('its signature is wrong')
}

function signatureOf(signing: Signing, fields: Fields): string {
  const text = sortedText(fields)
  if (signing.method === '01') {
    const digest = Buffer.from(hexDigest('sha256', text))
    return sign('RSA-SHA256', digest, signing.key).toString('base64')
  }
  const hash = signing.method === '11' ? 'sha256' : 'sm3'
  return hexDigest(hash, `${text}&${hexDigest(hash, signing.secureKey)}`)
}

/** 'a=1&b=2' in the order of ASCII, values as they are: line ends of a certificate included. */
function sortedText(fields: Fields): string {
  const names = Object.keys(fields).sort((a, b) => (a < b ? -1 : 1))
  return names.map((name) => `${name}=${fields[name]}`).join('&')
}

const hexDigest = (hash: 'sha256' | 'sm3', text: string): string =>
  createHash(hash).update(text, 'utf8').digest('hex')

/** Null for a text with anything in it that base64 does not need: Node itself would read over it. */
function readBase64(text: string): Buffer | null {
  const plain = text.replaceAll(/\s/g, '')
  const bytes = Buffer.from(plain, 'base64')
  return bytes.toString('base64') === plain ? bytes : null
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

const unproven = (reason: string): Proof => ({ proven: false, reason })
