import { X509Certificate } from 'node:crypto'

import { type Clock, HOUR_MS, MINUTE_MS } from '../../../kernel/time.ts'
import type { ProviderCall } from '../../../modules/payments/index.ts'
import { CertificateList } from './answers.ts'
import { type Judged, judged, type Unknown, unknown } from './exchange.ts'
import { type Cryptography, keyOfCertificate, type PlatformKey } from './keys.ts'
import type { WechatPayAccount } from './params.ts'
import { ALGORITHM_OF, type Headers, openResource, type PlatformKeys, proofOf } from './signing.ts'

const REFRESH_AFTER_MS = 12 * HOUR_MS
/** A key nobody knows may be new, or may be nothing: it makes us ask no more often than this. */
const ASK_AGAIN_AFTER_MS = MINUTE_MS

/** The keys with which WeChat Pay signs, by what the header Wechatpay-Serial names. */
export type KeyRing = PlatformKeys & {
  /** Fetches the platform certificates where the contract is of that kind and it is time. Never throws. */
  prepare(call: ProviderCall): Promise<void>
  /** The key to seal a field with, and its id; null while none is known. */
  sealing(): { id: string; key: PlatformKey } | null
}

type Fetch = {
  ask(
    call: ProviderCall,
    read: (
      answered: { status: number; headers: Headers; body: Buffer },
      text: string,
    ) => Judged<Fetched | Unknown>,
  ): Promise<Fetched | Unknown>
}

/**
 * Keys from the contract stand for good. Fetched certificates stand from their first to their last moment, so that an
 * old and a new one hold side by side while WeChat changes over; they are fetched anew twice a day, and when an answer
 * or a notice names one that is not known.
 *
 * Source: WeChat Pay merchant documentation, 平台证书 and 微信支付公钥.
 */
export function createKeyRing(account: WechatPayAccount, clock: Clock, fetch: Fetch): KeyRing {
  let fetched: ReadonlyMap<string, PlatformCertificate> = new Map()
  let askedAt: Date | null = null
  let isMissed = false
  let running: Promise<void> | null = null
  const keyOf = (serial: string): PlatformKey | null => {
    const fixed = account.platformKeys.get(serial)
    if (fixed) return fixed
    const certificate = fetched.get(serial.toUpperCase())
    if (certificate && isInForce(certificate, clock.now())) return certificate.key
    isMissed = true
    return null
  }
  return { keyOf, sealing, prepare }

  async function prepare(call: ProviderCall): Promise<void> {
    if (!account.platformCertificates || !isDue(clock.now())) return
    running ??= refresh(call).finally(() => (running = null))
    await running
  }

  function isDue(now: Date): boolean {
    if (askedAt === null) return true
    const sinceMs = now.getTime() - askedAt.getTime()
    const inForce = [...fetched.values()].some((certificate) => isInForce(certificate, now))
    const waitMs = isMissed || !inForce ? ASK_AGAIN_AFTER_MS : REFRESH_AFTER_MS
    return sinceMs >= waitMs
  }

  async function refresh(call: ProviderCall): Promise<void> {
    askedAt = clock.now()
    isMissed = false
    const answer = await fetch.ask(call, ({ status, headers, body }, text) => {
      const read = readCertificates(account, { status, headers, body }, clock.now())
      // The certificates are public, and sealed all the same: the trace says how many came.
      return judged(read, read.outcome === 'fetched' ? `${read.certificates.length} keys` : text)
    })
    if (answer.outcome !== 'fetched') return
    const now = clock.now()
    const kept = [...fetched.values()].filter((certificate) => now < certificate.until)
    const all = [...kept, ...answer.certificates]
    fetched = new Map(all.map((certificate) => [certificate.serial, certificate]))
  }

  function sealing(): { id: string; key: PlatformKey } | null {
    const [fixed] = account.platformKeys
    if (fixed) return { id: fixed[0], key: fixed[1] }
    const now = clock.now()
    const [newest] = [...fetched.values()]
      .filter((certificate) => isInForce(certificate, now))
      .sort((a, b) => b.from.getTime() - a.from.getTime())
    return newest ? { id: newest.serial, key: newest.key } : null
  }
}

type PlatformCertificate = { serial: string; key: PlatformKey; from: Date; until: Date }

type Fetched = { outcome: 'fetched'; certificates: PlatformCertificate[] }

const isInForce = ({ from, until }: PlatformCertificate, now: Date) => from <= now && now < until

/**
 * That they open with the APIv3 key says that WeChat made them; that one of them proves the answer they came in says
 * that it was made now. One that cannot be read spoils the list.
 */
function readCertificates(
  { apiV3Key, platformKeys, cryptography }: WechatPayAccount,
  { status, headers, body }: { status: number; headers: Headers; body: Buffer },
  now: Date,
): Fetched | Unknown {
  const json = parse(body.toString('utf8'))
  if (status !== 200 || !CertificateList.Check(json)) {
    return unknown(`HTTP ${status}: the certificates cannot be read`)
  }
  const certificates: PlatformCertificate[] = []
  for (const { serial_no: serial, encrypt_certificate: sealed } of json.data) {
    if (sealed.algorithm !== ALGORITHM_OF[cryptography]) {
      return unknown(`the certificates are sealed with ${sealed.algorithm}`)
    }
    const pem = openResource(apiV3Key, { associated_data: '', ...sealed })
    const certificate = pem === null ? null : toCertificate(cryptography, pem)
    if (certificate === null || certificate.serial !== serial.toUpperCase()) {
      return unknown(`the certificate ${serial.slice(0, 64)} does not open`)
    }
    certificates.push(certificate)
  }
  const keyOf = (serial: string) =>
    platformKeys.get(serial) ??
    certificates.find((one) => one.serial === serial.toUpperCase() && isInForce(one, now))?.key ??
    null
  const proof = proofOf({ keyOf }, headers, body, now)
  return proof.proven ? { outcome: 'fetched', certificates } : unknown(proof.reason)
}

function toCertificate(kind: Cryptography, pem: string): PlatformCertificate | null {
  try {
    const certificate = new X509Certificate(pem)
    const key = keyOfCertificate(kind, certificate)
    if (key === null) return null
    const from = new Date(certificate.validFrom)
    const until = new Date(certificate.validTo)
    return { serial: certificate.serialNumber.toUpperCase(), key, from, until }
  } catch {
    return null
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
