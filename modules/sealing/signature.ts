import { createPublicKey, verify } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'

/** What a head is signed by. */
export const HEAD_SIGNATURES = ['ed25519', 'sm2'] as const
export type HeadSignature = (typeof HEAD_SIGNATURES)[number]

/** What a partner countersigns by: the kinds of keys that applications have here. */
export const PARTNER_SIGNATURES = ['rsa-sha256', 'sm2-sm3'] as const
export type PartnerSignature = (typeof PARTNER_SIGNATURES)[number]

/** Signs heads. The private key is the owner's secret: it is handed in, and not kept here. */
export type Signer = {
  readonly algorithm: HeadSignature
  readonly keyId: string
  /** Ed25519: PEM. SM2: the point in hex, 04 and both coordinates. */
  readonly publicKey: string
  /** Base64; of SM2, a DER sequence of r and s under the usual user id. */
  sign(text: string): string
}

/** A public key that whoever checks has from elsewhere. */
export type TrustedKey = Pick<Signer, 'keyId' | 'publicKey'>

/** The signer's name in an SM2 signature where nobody agreed on another. Source: GM/T 0009. */
const SM2_USER_ID = '1234567812345678'

/** True when the owner of the key signed this text. The signature is base64, written in the one usual way. */
export function isSignedBy(
  { algorithm, publicKey }: { algorithm: HeadSignature | PartnerSignature; publicKey: string },
  text: string,
  signature: string,
): boolean {
  const bytes = Buffer.from(signature, 'base64')
  if (bytes.length === 0 || bytes.toString('base64') !== signature) return false
  const signed = Buffer.from(text, 'utf8')
  try {
    switch (algorithm) {
      case 'ed25519':
        return verify(null, signed, createPublicKey(publicKey), bytes)
      case 'rsa-sha256':
        return verify('sha256', signed, createPublicKey(publicKey), bytes)
      case 'sm2':
      case 'sm2-sm3':
        return isSm2(signed, bytes, publicKey)
    }
  } catch {
    return false // whatever is no key or no signature
  }
}

const DER_SEQUENCE = 0x30

function isSm2(signed: Buffer, bytes: Buffer, publicKey: string): boolean {
  // One sequence and nothing after it, so that there is one way to write a signature.
  if (bytes[0] !== DER_SEQUENCE || bytes[1] !== bytes.length - 2) return false
  const options = { hash: true, der: true, userId: SM2_USER_ID }
  return sm2.doVerifySignature(new Uint8Array(signed), bytes.toString('hex'), publicKey, options)
}
