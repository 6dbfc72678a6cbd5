import { X509Certificate } from 'node:crypto'

// Whom an answer comes from: the certificate in it must lead to a root that was configured.

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g
const LONGEST_CHAIN = 4

/** All certificates of a text in PEM; null when there is none, or one cannot be read. */
export function readCertificates(pem: string): X509Certificate[] | null {
  try {
    const found = [...pem.matchAll(PEM)].map(([text]) => new X509Certificate(text))
    return found.length === 0 ? null : found
  } catch {
    return null
  }
}

export const isSelfSigned = (certificate: X509Certificate): boolean =>
  certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey)

export type Trust = {
  trusted: readonly X509Certificate[]
  /** Whose certificates sign: the third part of the name, 中国银联股份有限公司. */
  signerNames: readonly string[]
}

export type SignerReading =
  | { outcome: 'trusted'; certificate: X509Certificate }
  | { outcome: 'refused'; reason: string }

/**
 * Reads the certificate that a message carries. It is trusted when it is valid now, names UnionPay, and is signed, over
 * intermediate certificates that were configured and are valid now, by a root that was configured.
 */
export function readSigner(pem: string, { trusted, signerNames }: Trust, now: Date): SignerReading {
  const [certificate, ...others] = readCertificates(pem) ?? []
  if (certificate === undefined || others.length > 0) return refused('it carries no certificate')
  if (certificate.ca) return refused('its certificate is that of an authority')
  if (!isValidAt(certificate, now)) return refused('its certificate is not valid now')
  const name = signerNameOf(certificate)
  if (!signerNames.includes(name)) return refused("its certificate is not UnionPay's")
  if (!leadsToRoot(certificate, trusted, now)) return refused('its certificate is not trusted')
  return { outcome: 'trusted', certificate }
}

function leadsToRoot(
  certificate: X509Certificate,
  trusted: readonly X509Certificate[],
  now: Date,
): boolean {
  let [current, length]: [X509Certificate, number] = [certificate, 0]
  while (length < LONGEST_CHAIN) {
    const issuer = trusted.find(
      (other) =>
        other.ca &&
        isValidAt(other, now) &&
        current.checkIssued(other) &&
        current.verify(other.publicKey),
    )
    if (issuer === undefined) return false
    if (isSelfSigned(issuer)) return true
    ;[current, length] = [issuer, length + 1]
  }
  return false
}

function isValidAt(certificate: X509Certificate, now: Date): boolean {
  const from = Date.parse(certificate.validFrom)
  const to = Date.parse(certificate.validTo)
  return from <= now.getTime() && now.getTime() <= to
}

/** 'CN=041@Z12@中国银联股份有限公司@00000000' names the company third, and '…@00040000:SIGN@…' stands in tests. */
function signerNameOf(certificate: X509Certificate): string {
  const { CN: commonName } = certificate.toLegacyObject().subject as { CN?: string | string[] }
  return typeof commonName === 'string' ? (commonName.split('@')[2] ?? '') : ''
}

const refused = (reason: string): SignerReading => ({ outcome: 'refused', reason })
