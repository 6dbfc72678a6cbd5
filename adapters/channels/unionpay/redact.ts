import type { Fields } from './message.ts'

/**
 * The fields that may stand in a trace. Whatever is not named here is masked: card numbers, tokens, codes that pay,
 * names and phones, certificates, files, and what UnionPay may add one day.
 */
const SHOWN = new Set([
  'version',
  'encoding',
  'certId',
  'signMethod',
  'txnType',
  'txnSubType',
  'bizType',
  'channelType',
  'accessType',
  'merId',
  'orderId',
  'txnTime',
  'txnAmt',
  'currencyCode',
  'payTimeout',
  'termId',
  'reqReserved',
  'origQryId',
  'respCode',
  'respMsg',
  'origRespCode',
  'origRespMsg',
  'queryId',
  'traceNo',
  'traceTime',
  'settleDate',
  'settleAmt',
  'settleCurrencyCode',
  'payCardType',
  'payType',
  'fileType',
  'fileName',
])

const MAX_TEXT = 4_000
const MAX_STRANGE_TEXT = 200

/** 'a=1&b=***': readable, in the order given. */
export const redactFields = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${SHOWN.has(name) ? shown(name, value) : '***'}`)
    .join('&')
    .slice(0, MAX_TEXT)

/** UnionPay's words to people, without numbers as long as a phone's or a card's. */
export const redactWords = (text: string): string =>
  text.replaceAll(/\d[\d *]{9,}\d/g, '***').slice(0, MAX_STRANGE_TEXT)

const WORDS = new Set(['respMsg', 'origRespMsg', 'reqReserved'])

const shown = (name: string, value: string): string =>
  WORDS.has(name) && !isId(value) ? redactWords(value) : value

// Our own payment's id, which stands in reqReserved.
const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
