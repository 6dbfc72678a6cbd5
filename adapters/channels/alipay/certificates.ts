import { createHash, X509Certificate } from 'node:crypto'

// The serial numbers by which Alipay's certificate mode names certificates. They are Alipay's own, not X.509's.

/**
 * The serial number of one certificate: the MD5, in hex, of its issuer and its X.509 serial number in decimal.
 *
 * Errors: throws when the text is no certificate in PEM.
 * Source: the official SDKs; the issuer is written 'CN=…,OU=…,O=…,C=…', so in the reverse of its order there.
 */
export function certSnOf(pem: string): string {
  const { issuer, serialNumber } = new X509Certificate(pem)
  const names = issuer.split('\n').map((name) => name.replace(/\\(.)/g, '$1'))
  const decimal = BigInt(`0x${serialNumber}`).toString()
  return createHash('md5')
    .update(names.reverse().join(',') + decimal)
    .digest('hex')
}

/**
 * The serial number of a file of root certificates: those of its RSA-signed certificates, joined by '_'. The file
 * holds SM2 certificates as well, which do not count.
 *
 * Errors: throws when the text holds no certificate in PEM, or none signed by RSA.
 */
export function rootCertSnOf(pem: string): string {
  const certificates = pem.match(PEM_BLOCK) ?? []
  const serials = certificates.filter(isSignedByRsa).map(certSnOf)
  if (serials.length === 0) throw new Error('there is no certificate signed by RSA')
  return serials.join('_')
}

const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

const SEQUENCE = 0x30
const OBJECT_ID = 0x06
/** 1.2.840.113549.1.1, under which all signatures by RSA stand. */
const RSA_SIGNATURES = Buffer.from('2a864886f70d0101', 'hex')

/** Read from the bytes, as the certificate's own reader does not tell the algorithm. */
function isSignedByRsa(pem: string): boolean {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  const content = readItem(der, 0, SEQUENCE)
  const signed = readItem(der, content.from, SEQUENCE)
  const algorithm = readItem(der, signed.until, SEQUENCE)
  const id = readItem(der, algorithm.from, OBJECT_ID)
  return der.subarray(id.from, id.until).subarray(0, RSA_SIGNATURES.length).equals(RSA_SIGNATURES)
}

/** Where the content of a DER item lies. Throws when another one stands there, or it is cut off. */
function readItem(der: Buffer, at: number, tag: number): { from: number; until: number } {
  const first = der[at + 1] ?? 0
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  const from = at + 2 + lengthBytes
  if (der[at] !== tag || lengthBytes > 4 || from > der.length) throw new Error('it is not X.509')
  const length = lengthBytes === 0 ? first : der.readUIntBE(at + 2, lengthBytes)
  if (from + length > der.length) throw new Error('the certificate is cut off')
  return { from, until: from + length }
}
