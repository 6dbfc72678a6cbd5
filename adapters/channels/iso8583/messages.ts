import { toShanghaiText } from '../../../kernel/time.ts'
import type { BarcodeRead, CardRead } from './card.ts'
import type { Message, MessageFields } from './packager/layout.ts'
import type { MessageKind, Profile } from './profiles/profile.ts'
import type { BatchTotals, TraceRecord } from './trace-numbers.ts'

/** Who speaks: the merchant, and the three digits of the operator. */
export type Merchant = { merchantId: string; operator: string }

const YUAN = '156'

/** A charge: 0200 with what the terminal read. `pinBlock` as sixteen hex digits, null without a PIN. */
export function saleMessage(
  profile: Profile,
  merchant: Merchant,
  record: TraceRecord,
  read: CardRead | BarcodeRead,
  pinBlock: string | null,
): Message {
  const payer = 'barcode' in read ? barcodeFields(profile, read) : cardFields(read)
  const pin: MessageFields =
    pinBlock === null ? {} : { 26: '12', 52: pinBlock, 53: profile.securityControl }
  const fields = { ...moneyFields(profile, merchant, record, profile.sale), ...payer, ...pin }
  return { mti: profile.sale.mti, fields }
}

/** The same numbers as the charge, and why it is taken back: 98 for no answer, A0 for one that is not proven. */
export function reversalMessage(
  profile: Profile,
  merchant: Merchant,
  record: TraceRecord,
  why: '98' | 'A0',
): Message {
  const fields = { ...moneyFields(profile, merchant, record, profile.sale), 39: why }
  return { mti: profile.reversal.mti, fields }
}

/** A return: of all of a charge of the same batch (void), or of any part of one (refund). */
export function returnMessage(
  profile: Profile,
  merchant: Merchant,
  record: TraceRecord,
  charge: TraceRecord,
): Message {
  const kind = record.operation === 'void' ? profile.void : profile.refund
  const fields = {
    ...moneyFields(profile, merchant, record, kind),
    ...(charge.providerNo === null ? {} : { 37: charge.providerNo }),
    ...(charge.authorisation === null ? {} : { 38: charge.authorisation }),
    61: originalOf(charge),
  }
  return { mti: kind.mti, fields }
}

/** What became of an earlier message? Asked under a number of its own. */
export function inquiryMessage(
  profile: Profile,
  merchant: Merchant,
  inquiry: MessageKind,
  asked: TraceRecord,
  about: TraceRecord,
): Message {
  const { 4: _amount, ...fields } = moneyFields(profile, merchant, asked, inquiry)
  return { mti: inquiry.mti, fields: { ...fields, 61: originalOf(about) } }
}

/** Asks for new working keys. */
export const signInMessage = (
  profile: Profile,
  merchant: Merchant,
  asked: TraceRecord,
): Message => ({
  mti: profile.signIn.mti,
  fields: {
    11: asked.trace,
    41: asked.terminal,
    42: merchant.merchantId,
    60: `00${asked.batch}${profile.signIn.networkCode}`,
    63: `${merchant.operator} `,
  },
})

/**
 * Ends a batch with its totals: F48 has amount and count of what was taken and of what was given back, a zero in the
 * place of the bank's verdict, and the same of foreign cards, of which there are none.
 */
export function settlementMessage(
  profile: Profile,
  merchant: Merchant,
  asked: TraceRecord,
  { charges, returns }: BatchTotals,
): Message {
  const total = ({ amountFen, count }: BatchTotals['charges']) =>
    digits(amountFen, 12) + digits(count, 3)
  return {
    mti: profile.settlement.mti,
    fields: {
      11: asked.trace,
      41: asked.terminal,
      42: merchant.merchantId,
      48: `${total(charges)}${total(returns)}0${'0'.repeat(31)}`,
      49: YUAN,
      60: `00${asked.batch}${profile.settlement.networkCode}`,
      63: `${merchant.operator} `,
    },
  }
}

/** The bank's verdict on our totals: 1 they agree, 2 they do not, 3 something went wrong. */
export const settlementVerdict = (field48: string): string => field48.charAt(30)

const moneyFields = (
  profile: Profile,
  { merchantId }: Merchant,
  record: TraceRecord,
  kind: MessageKind,
): MessageFields => ({
  3: kind.processingCode,
  4: digits(record.amountFen, 12),
  11: record.trace,
  25: '00',
  41: record.terminal,
  42: merchantId,
  49: YUAN,
  60: `${kind.transactionType}${record.batch}${profile.networkCode}`,
})

function cardFields(card: CardRead): MessageFields {
  const optional: (readonly [number, string | undefined])[] = [
    [14, card.expiry],
    [23, card.sequence?.padStart(3, '0')],
    [35, card.track2?.replace('D', '=')],
    [55, card.chipData?.toUpperCase()],
  ]
  return {
    2: card.pan,
    22: card.entryMode,
    ...Object.fromEntries(optional.filter(([, value]) => value !== undefined)),
  }
}

function barcodeFields({ barcode }: Profile, read: BarcodeRead): MessageFields {
  if (barcode === null) return {}
  const { field, tag, entryMode } = barcode
  const length = tag === '' ? '' : String(read.barcode.length).padStart(3, '0')
  return { 22: entryMode, [field]: `${tag}${length}${read.barcode}` }
}

/** F61: batch, trace number and day of the original. */
const originalOf = ({ batch, trace, approvedAt, at }: TraceRecord): string =>
  batch + trace + monthAndDay(approvedAt ?? at)

const monthAndDay = (at: Date): string => shanghaiDigits(at).slice(4, 8)

const digits = (value: number, count: number): string => String(value).padStart(count, '0')

const shanghaiDigits = (at: Date): string => toShanghaiText(at).replaceAll(/\D/g, '')
