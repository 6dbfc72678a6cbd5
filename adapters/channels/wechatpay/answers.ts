import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { isBusinessDate } from '../../../kernel/time.ts'

// The answers of the API, as far as the hub reads them. Fields that are not named here are let be.

const Text = Type.String({ minLength: 1, maxLength: 256 })
const AmountFen = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const MOMENT = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$'
const Moment = Type.String({ pattern: MOMENT })

/** Which of the two is right is for the contract to say. */
const SealedBy = Type.Enum(['AEAD_AES_256_GCM', 'AEAD_SM4_GCM'])

export const Prepay = Compile(Type.Object({ prepay_id: Text }))

export const CodeUrl = Compile(
  Type.Object({ code_url: Type.String({ minLength: 1, maxLength: 1024 }) }),
)

export const H5Url = Compile(
  Type.Object({ h5_url: Type.String({ pattern: '^https?://', maxLength: 1024 }) }),
)

export const CertificateList = Compile(
  Type.Object({
    data: Type.Array(
      Type.Object({
        serial_no: Type.String({ minLength: 1, maxLength: 64 }),
        encrypt_certificate: Type.Object({
          algorithm: SealedBy,
          nonce: Type.String({ maxLength: 64 }),
          associated_data: Type.Optional(Type.String({ maxLength: 64 })),
          ciphertext: Type.String(),
        }),
      }),
      { maxItems: 16 },
    ),
  }),
)

const TransactionFields = {
  appid: Text,
  mchid: Text,
  out_trade_no: Text,
  trade_state: Text,
}

export const Transaction = Compile(
  Type.Object({
    ...TransactionFields,
    amount: Type.Optional(Type.Object({ currency: Type.Optional(Type.String()) })),
  }),
)

/** A transaction with money in it. */
export const PaidTransaction = Compile(
  Type.Object({
    ...TransactionFields,
    transaction_id: Text,
    success_time: Moment,
    amount: Type.Object({ total: AmountFen, currency: Type.Literal('CNY') }),
  }),
)

export const RefundObject = Compile(
  Type.Object({
    refund_id: Text,
    out_refund_no: Text,
    transaction_id: Text,
    out_trade_no: Text,
    status: Text,
    channel: Type.Optional(Type.String({ maxLength: 64 })),
    create_time: Moment,
    amount: Type.Object({ refund: AmountFen, currency: Type.Literal('CNY') }),
  }),
)

export const BillAddress = Compile(
  Type.Object({
    hash_type: Type.Literal('SHA1'),
    hash_value: Type.String({ pattern: '^[0-9A-Fa-f]{40}$' }),
    download_url: Type.String({ minLength: 1, maxLength: 2_048 }),
  }),
)

export const NoticeEnvelope = Compile(
  Type.Object({
    id: Type.String({ minLength: 1, maxLength: 64 }),
    event_type: Type.String({ maxLength: 64 }),
    resource: Type.Object({
      algorithm: SealedBy,
      nonce: Type.String({ maxLength: 64 }),
      associated_data: Type.Optional(Type.String({ maxLength: 64 })),
      ciphertext: Type.String(),
    }),
  }),
)

export const TransactionNotice = Compile(
  Type.Object({ mchid: Text, appid: Text, out_trade_no: Text, transaction_id: Text }),
)

/** It names no appid, and the merchant not in every version: that our key opened it says whose it is. */
export const RefundNotice = Compile(
  Type.Object({
    mchid: Type.Optional(Text),
    out_trade_no: Text,
    out_refund_no: Text,
    refund_status: Text,
  }),
)

/** RFC 3339 to an instant; null for another form, and for a day or an hour that does not exist. */
export function momentOf(text: string): Date | null {
  if (!new RegExp(MOMENT).test(text) || !isBusinessDate(text.slice(0, 10))) return null
  const instant = new Date(text)
  return Number.isNaN(instant.getTime()) ? null : instant
}
