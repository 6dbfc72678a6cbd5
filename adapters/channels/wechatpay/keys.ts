import {
  createPrivateKey,
  createPublicKey,
  KeyObject,
  sign as signRsa,
  verify as verifyRsa,
  type X509Certificate,
} from 'node:crypto'

import {
  readSm2PrivateKey,
  readSm2PublicKey,
  signSm2,
  type Sm2PrivateKey,
  type Sm2PublicKey,
  verifiesSm2,
} from './shangmi.ts'

// A key is one of RSA or one of 国密, by the contract, and everything else follows from the key.

export type Cryptography = 'RSA' | 'SM'

export type MerchantKey = KeyObject | Sm2PrivateKey
export type PlatformKey = KeyObject | Sm2PublicKey

export const SMALLEST_RSA_BITS = 2_048

/** The words of the header Authorization for it. */
export const schemeOf = (key: MerchantKey): string =>
  key instanceof KeyObject ? 'WECHATPAY2-SHA256-RSA2048' : 'WECHATPAY2-SM2-WITH-SM3'

/** Throws for anything but a private key of this kind in PEM. */
export const readPrivateKey = (kind: Cryptography, pem: string): MerchantKey =>
  kind === 'RSA' ? createPrivateKey(pem) : readSm2PrivateKey(pem)

/** Throws for anything but a public key of this kind in PEM. */
export const readPublicKey = (kind: Cryptography, pem: string): PlatformKey =>
  kind === 'RSA' ? createPublicKey(pem) : readSm2PublicKey(pem)

/** The public key of a certificate, where it is of this kind; null for another. May throw as well. */
export function keyOfCertificate(
  kind: Cryptography,
  certificate: X509Certificate,
): PlatformKey | null {
  const pem = certificate.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const key = readPublicKey(kind, pem)
  return isLongEnough(key) ? key : null
}

/** SM2 has one length; a shorter key of RSA, or one of another algorithm, is none. */
export function isLongEnough(key: MerchantKey | PlatformKey): boolean {
  if (!(key instanceof KeyObject)) return true
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  return key.asymmetricKeyType === 'rsa' && bits >= SMALLEST_RSA_BITS
}

export const signWith = (key: MerchantKey, text: Buffer): string =>
  (key instanceof KeyObject ? signRsa('RSA-SHA256', text, key) : signSm2(key, text)).toString(
    'base64',
  )

/** Whether it was made with this key. Never throws for a signature that is none. */
export function isSignedWith(key: PlatformKey, text: Buffer, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64')
  return key instanceof KeyObject
    ? verifyRsa('RSA-SHA256', text, key, bytes)
    : verifiesSm2(key, text, bytes)
}
