import Type from 'typebox'

import { Name, object, optional, Source, text } from './schema-parts.ts'

// How a descriptor says what is signed and sealed, and how that is proven and opened.

const SignedText = object({
  /**
   * template: the text given. sorted_fields: name=value of the body's fields, sorted by name, joined by &.
   * sorted_values: the values alone, sorted by their names. body: as it is sent. member: the raw text of one member of
   * a JSON answer.
   */
  kind: Type.Enum(['template', 'sorted_fields', 'sorted_values', 'body', 'member']),
  template: optional(text(1_000)),
  /** What stands between the parts of sorted fields or values: & unless told. */
  joiner: optional(text(4)),
  exclude: optional(Type.Array(text(64), { maxItems: 16 })),
  /** Fields without a value are left out unless this is set. */
  keepEmpty: optional(Type.Boolean()),
  /** What joins the key behind the text, for MD5 and HMAC gateways: '&key='. */
  keySuffix: optional(text(32)),
  /** How the member's name ends: '_response'. */
  memberSuffix: optional(text(64)),
})

const ALGORITHM = {
  algorithm: Type.Enum(['RSA-SHA256', 'RSA-SHA1', 'HMAC-SHA256', 'MD5', 'SM2']),
  encoding: Type.Enum(['base64', 'hex', 'hex_upper']),
  /** Of SM2 only: the user id, 1234567812345678 unless told, and DER in place of r and s in a row. */
  userId: optional(text(64)),
  der: optional(Type.Boolean()),
}

export const Signing = object({
  ...ALGORITHM,
  key: Name,
  content: SignedText,
  /** The signature goes into a header, by a template that names {signature}, or into a field of the body. */
  header: optional(text(64)),
  template: optional(text(1_000)),
  field: optional(text(64)),
})

export const Verification = object({
  ...ALGORITHM,
  keys: Type.Array(object({ key: Name, id: optional(text(200)) }), { minItems: 1, maxItems: 8 }),
  /** Where it is said which of the keys was used; without it each is tried. */
  keyId: optional(Source),
  content: SignedText,
  /** What the template may name besides the body. */
  values: optional(Type.Record(Type.String(), Source)),
  signature: Source,
  timestamp: optional(Source),
  /** seconds, millis, or a pattern of Shanghai's wall clock. */
  timestampPattern: optional(text(40)),
  maxAgeSeconds: optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
})

const CIPHER = {
  algorithm: Type.Enum(['AES-256-GCM', 'SM4-CBC', 'SM4-GCM']),
  key: Name,
  /** sm3_16: the key is the first 16 bytes of the SM3 of what is given. */
  keyDerivation: optional(Type.Enum(['sm3_16'])),
  encoding: Type.Enum(['base64', 'hex']),
  /** separate: the initial vector stands beside the sealed text. prefixed: before it, in one text. */
  layout: Type.Enum(['separate', 'prefixed']),
}

export const Sealing = object({
  ...CIPHER,
  associatedData: optional(text(200)),
  /** Only these fields of the body, by JSON pointer; without it all of it. */
  fields: optional(Type.Array(Type.String({ pattern: '^/' }), { minItems: 1, maxItems: 16 })),
})

export const Opening = object({
  ...CIPHER,
  ciphertext: Source,
  nonce: optional(Source),
  associatedData: optional(Source),
  /** Set when a refusal may come unsealed: then the body is read as it stands. */
  mayBeAbsent: optional(Type.Boolean()),
})

export type Signing = Type.Static<typeof Signing>
export type Verification = Type.Static<typeof Verification>
export type Sealing = Type.Static<typeof Sealing>
export type Opening = Type.Static<typeof Opening>
export type SignedText = Type.Static<typeof SignedText>
