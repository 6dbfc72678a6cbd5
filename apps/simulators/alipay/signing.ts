import {
  createCipheriv,
  createDecipheriv,
  createHash,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
  type X509Certificate,
} from 'node:crypto'

// The mathematics of the protocol, after the reference's sections 1 and 4.

/** The text a merchant signs: every parameter that is not empty, by name, without sign. */
export function requestText(params: ReadonlyMap<string, string>): string {
  const pairs = [...params].filter(([name, value]) => name !== 'sign' && value !== '')
  return joinSorted(pairs)
}

/** What a notice is signed over: without sign_type for payments ("V1"), with it for others ("V2"). */
export function noticeText(params: Readonly<Record<string, string>>, version: 'V1' | 'V2'): string {
  const pairs = Object.entries(params).filter(
    ([name]) => name !== 'sign' && (version === 'V2' || name !== 'sign_type'),
  )
  return joinSorted(pairs)
}

const joinSorted = (pairs: [string, string][]): string =>
  pairs
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

/** RSA2: RSA-SHA256 with PKCS#1 v1.5, in base64. */
export const sign = (key: KeyObject, text: string): string =>
  signBytes('RSA-SHA256', Buffer.from(text), key).toString('base64')

export const isSignedBy = (key: KeyObject, text: string, signature: string): boolean =>
  verifyBytes('RSA-SHA256', Buffer.from(text), key, Buffer.from(signature, 'base64'))

/** AES-CBC with a zero vector; null when it does not open. */
export function openContent(key: Buffer, sealed: string): string | null {
  try {
    const decipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.alloc(16))
    const parts = [decipher.update(Buffer.from(sealed, 'base64')), decipher.final()]
    return Buffer.concat(parts).toString('utf8')
  } catch {
    return null
  }
}

export function sealContent(key: Buffer, text: string): string {
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.alloc(16))
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64')
}

/** MD5 of the issuer, last name first, and the serial number in decimal. */
export function certificateSn(certificate: X509Certificate): string {
  const issuer = certificate.issuer.split('\n').toReversed().join(',').replaceAll('\\', '')
  const serial = BigInt(`0x${certificate.serialNumber}`).toString(10)
  return createHash('md5').update(`${issuer}${serial}`).digest('hex')
}
