import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

import { type Random, randomHex } from '../../../kernel/random.ts'
import { addMs, DAY_MS } from '../../../kernel/time.ts'

// The certificates of a UnionPay that does not exist: a root and an intermediate in CFCA's place, UnionPay's own, and
// those of its merchants. Written as DER by hand, so that a sandbox needs no other program.

export type KeyAndCertificate = { privateKeyPem: string; certificatePem: string }

export type UnionPayKeys = {
  rootCertificatePem: string
  middleCertificatePem: string
  /** What UnionPay signs with. */
  signer: KeyAndCertificate
  merchants: ({ merId: string } & KeyAndCertificate)[]
}

const SIGNER_NAME = '041@Z12@中国银联股份有限公司@00000000'
const LIFE_MS = 3_650 * DAY_MS

/** Makes them all, valid from a day before `now` for ten years. Takes a second: an RSA key for each. */
export function makeUnionPayKeys(
  now: Date,
  random: Random,
  merIds: readonly string[],
): UnionPayKeys {
  const root = newKeyPair()
  const middle = newKeyPair()
  const made = { from: addMs(now, -DAY_MS), to: addMs(now, LIFE_MS), random }
  const [rootName, middleName] = ['Sandbox CFCA CS CA', 'Sandbox CFCA CS OCA']
  const byMiddle = { issuer: middleName, issuerKey: middle.privateKey, isAuthority: false }
  const keyAndCertificate = (subject: string): KeyAndCertificate => {
    const { publicKey, privateKey } = newKeyPair()
    return {
      privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      certificatePem: certificateOf({ ...made, ...byMiddle, subject, publicKey }),
    }
  }
  return {
    rootCertificatePem: certificateOf({
      ...made,
      subject: rootName,
      issuer: rootName,
      publicKey: root.publicKey,
      issuerKey: root.privateKey,
      isAuthority: true,
    }),
    middleCertificatePem: certificateOf({
      ...made,
      subject: middleName,
      issuer: rootName,
      publicKey: middle.publicKey,
      issuerKey: root.privateKey,
      isAuthority: true,
    }),
    signer: keyAndCertificate(SIGNER_NAME),
    merchants: merIds.map((merId) => ({
      merId,
      ...keyAndCertificate(`041@Z2016@merchant ${merId}@00000001`),
    })),
  }
}

const newKeyPair = () => generateKeyPairSync('rsa', { modulusLength: 2_048 })

type NewCertificate = {
  subject: string
  issuer: string
  publicKey: KeyObject
  issuerKey: KeyObject
  isAuthority: boolean
  from: Date
  to: Date
  random: Random
}

function certificateOf(certificate: NewCertificate): string {
  const { subject, issuer, publicKey, issuerKey, isAuthority, from, to, random } = certificate
  const algorithm = sequence(oid(SHA256_WITH_RSA), tlv(NULL, Buffer.alloc(0)))
  const signed = sequence(
    tlv(context(0), integer(Buffer.from([2]))), // version 3
    integer(Buffer.from(randomHex(random, 8), 'hex')),
    algorithm,
    nameOf(issuer),
    sequence(moment(from), moment(to)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(context(3), sequence(basicConstraints(isAuthority))),
  )
  const signature = sign('RSA-SHA256', signed, issuerKey)
  const der = sequence(
    signed,
    algorithm,
    tlv(BIT_STRING, Buffer.concat([Buffer.alloc(1), signature])),
  )
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

const SHA256_WITH_RSA = '2a864886f70d01010b'
const COMMON_NAME = '550403'
const BASIC_CONSTRAINTS = '551d13'

const BOOLEAN = 0x01
const INTEGER = 0x02
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
const NULL = 0x05
const OBJECT_ID = 0x06
const UTF8_STRING = 0x0c
const UTC_TIME = 0x17
const SEQUENCE = 0x30
const SET = 0x31
const context = (number: number) => 0xa0 + number

const nameOf = (commonName: string): Buffer =>
  sequence(tlv(SET, sequence(oid(COMMON_NAME), tlv(UTF8_STRING, Buffer.from(commonName)))))

function basicConstraints(isAuthority: boolean): Buffer {
  const yes = tlv(BOOLEAN, Buffer.from([0xff]))
  const value = isAuthority ? sequence(yes) : sequence()
  return sequence(oid(BASIC_CONSTRAINTS), yes, tlv(OCTET_STRING, value))
}

/** Two digits for the year, as X.509 wants it until 2049. */
const moment = (instant: Date): Buffer =>
  tlv(UTC_TIME, Buffer.from(`${instant.toISOString().slice(2, 19).replaceAll(/\D/g, '')}Z`))

const oid = (hex: string): Buffer => tlv(OBJECT_ID, Buffer.from(hex, 'hex'))

/** The shortest form, as DER wants it: no zero in front, but for one before a byte that would make the number negative. */
function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0)
  const digits = first < 0 ? Buffer.alloc(1) : bytes.subarray(first)
  return tlv(INTEGER, (digits[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.alloc(1), digits]) : digits)
}

const sequence = (...parts: Buffer[]): Buffer => tlv(SEQUENCE, Buffer.concat(parts))

function tlv(tag: number, content: Buffer): Buffer {
  const { length } = content
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content])
  const hex = length.toString(16)
  const size = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 + size.length]), size, content])
}
