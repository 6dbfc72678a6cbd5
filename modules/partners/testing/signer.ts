import { createHash, generateKeyPairSync, sign } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'

import type { KeyAlgorithm } from '../application.ts'

export type Signer = { algorithm: KeyAlgorithm; publicKey: string; sign: (text: string) => string }

/** A partner's key, and how it signs: written from the guide, not from what checks it. */
export function rsaSigner(bits = 2_048): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  return {
    algorithm: 'rsa-sha256',
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (text) => sign('sha256', Buffer.from(text), privateKey).toString('base64'),
  }
}

export function sm2Signer(userId = '1234567812345678'): Signer {
  const { privateKey, publicKey } = sm2.generateKeyPairHex()
  return {
    algorithm: 'sm2-sm3',
    publicKey,
    sign(text) {
      const options = { hash: true, der: true, userId, publicKey }
      return Buffer.from(sm2.doSignature(text, privateKey, options), 'hex').toString('base64')
    },
  }
}

export type SignedRequest = {
  keyId: string
  method: string
  path: string
  body?: string
  timestamp: number
  nonce: string
}

export function signedHeaders(signer: Signer, request: SignedRequest): Record<string, string> {
  const { keyId, method, path, body = '', timestamp, nonce } = request
  const digest = createHash('sha256').update(body).digest('hex')
  return {
    'x-partner-key-id': keyId,
    'x-partner-timestamp': String(timestamp),
    'x-partner-nonce': nonce,
    'x-partner-signature': signer.sign(`${method}\n${path}\n${timestamp}\n${nonce}\n${digest}\n`),
  }
}
