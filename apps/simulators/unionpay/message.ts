import { createHash, type KeyObject, sign as signBytes, verify as verifyBytes } from 'node:crypto'

// ACP 5.1.0 on the wire: a form comes in, plain text goes out, and both are signed over their sorted fields.

export type Fields = Record<string, string>

/** Reads a form; null when a name stands twice. */
export function readForm(body: Uint8Array): Fields | null {
  const fields: Fields = {}
  for (const [name, value] of new URLSearchParams(Buffer.from(body).toString('utf8'))) {
    if (Object.hasOwn(fields, name)) return null
    fields[name] = value
  }
  return fields
}

/** An answer: nothing is encoded, so that whatever reads it has to find the ends of values by itself. */
export const toAnswerText = (fields: Fields): string =>
  Object.keys(fields)
    .toSorted()
    .map((name) => `${name}=${fields[name] ?? ''}`)
    .join('&')

/** A notice, or what a page sends back: a form like any other. */
export const toFormText = (fields: Fields): string => new URLSearchParams(fields).toString()

/** What the platform signs with: its key with the certificate that goes along, or the key shared with a merchant. */
export type Signer =
  | { method: '01'; privateKey: KeyObject; certId: string; certificateText: string }
  | { method: '11' | '12'; secureKey: string }

export function signed(signer: Signer, fields: Fields): Fields {
  if (signer.method !== '01') {
    const named = { ...fields, signMethod: signer.method }
    return { ...named, signature: keyedDigest(signer.method, named, signer.secureKey) }
  }
  const named = {
    ...fields,
    signMethod: '01',
    certId: signer.certId,
    signPubKeyCert: signer.certificateText,
  }
  const signature = signBytes('RSA-SHA256', digestOf(named), signer.privateKey).toString('base64')
  return { ...named, signature }
}

/** How a merchant signs. */
export type MerchantProof =
  | { method: '01'; publicKey: KeyObject; certId: string }
  | { method: '11' | '12'; secureKey: string }

export function isSignedBy(proof: MerchantProof, fields: Fields): boolean {
  const { signature = '', ...rest } = fields
  if (rest['signMethod'] !== proof.method) return false
  if (proof.method !== '01') return signature === keyedDigest(proof.method, rest, proof.secureKey)
  if (rest['certId'] !== proof.certId) return false
  return verifyBytes(
    'RSA-SHA256',
    digestOf(rest),
    proof.publicKey,
    Buffer.from(signature, 'base64'),
  )
}

const textOf = (fields: Fields): string => {
  const { signature: _signature, ...rest } = fields
  return toAnswerText(rest)
}

const hexOf = (algorithm: string, text: string): string =>
  createHash(algorithm).update(text).digest('hex')

const digestOf = (fields: Fields): Buffer => Buffer.from(hexOf('sha256', textOf(fields)))

function keyedDigest(method: '11' | '12', fields: Fields, secureKey: string): string {
  const algorithm = method === '11' ? 'sha256' : 'sm3'
  return hexOf(algorithm, `${textOf(fields)}&${hexOf(algorithm, secureKey)}`)
}
