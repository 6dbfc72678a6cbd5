import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'

import type { Seal } from '../../platform/seal.ts'
import type { ExtraSignature } from './endpoint.ts'
import { SM2_USER_ID } from './public-key.ts'

/** What the platform signs with towards everybody, so that they can prove it to a third. One key for each algorithm. */
export type PlatformKey = Readonly<Record<ExtraSignature, SigningKey>>

export type SigningKey = {
  readonly keyId: string
  /** Ed25519: PEM. SM2: the point in hex, 04 and both coordinates. */
  readonly publicKey: string
  /** Base64; of SM2, a DER sequence of r and s under the usual user id. */
  sign(text: string): string
}

/**
 * The platform's keys, made of the master key alone: every process has the same ones, and none is kept anywhere.
 * With another master key they are others, and receivers must fetch them anew.
 */
export function createPlatformKey(seal: Pick<Seal, 'blindIndex'>): PlatformKey {
  return { ed25519: ed25519Of(seedOf(seal, 'ed25519')), sm2: sm2Of(seedOf(seal, 'sm2')) }
}

/** 256 bits of two digests under a key that only this purpose has. */
function seedOf(seal: Pick<Seal, 'blindIndex'>, algorithm: string): Buffer {
  const purpose = `partners.platform_key.${algorithm}`
  const digests = ['1', '2'].map((part) => seal.blindIndex(purpose, part)).join('')
  return createHash('sha256').update(digests).digest()
}

// Source: RFC 8410, the wrapping of a 32-byte seed.
const ED25519_PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

function ed25519Of(seed: Buffer): SigningKey {
  const der = Buffer.concat([ED25519_PKCS8_HEAD, seed])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
  return {
    keyId: keyIdOf('ed25519', publicKey),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64'),
  }
}

// Source: GM/T 0003.5, the order of the curve; a private key is from 1 to n - 2.
const SM2_ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n

function sm2Of(seed: Buffer): SigningKey {
  const scalar = (BigInt(`0x${seed.toString('hex')}`) % (SM2_ORDER - 2n)) + 1n
  const privateKey = scalar.toString(16).padStart(64, '0')
  const publicKey = sm2.getPublicKeyFromPrivateKey(privateKey)
  const options = { hash: true, der: true, userId: SM2_USER_ID, publicKey }
  return {
    keyId: keyIdOf('sm2', publicKey),
    publicKey,
    sign(text) {
      const hex = sm2.doSignature(new Uint8Array(Buffer.from(text, 'utf8')), privateKey, options)
      return Buffer.from(hex, 'hex').toString('base64')
    },
  }
}

const keyIdOf = (algorithm: string, publicKey: string): string =>
  `${algorithm}-${createHash('sha256').update(publicKey).digest('hex').slice(0, 16)}`
