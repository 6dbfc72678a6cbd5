const hide = (): string => '***'

/** Enough of an account to recognise it, too little to use it. */
const maskAccount = (account: string): string => `${account.slice(0, 4)}***`

const MASKS: Readonly<Record<string, (value: string) => string>> = {
  buyer_id: maskAccount,
  buyer_user_id: maskAccount,
  buyer_open_id: maskAccount,
  open_id: maskAccount,
  payer_user_id: maskAccount,
  payer_open_id: maskAccount,
  agreement_no: maskAccount,
  alipay_user_id: maskAccount,
  alipay_open_id: maskAccount,
  principal_id: maskAccount,
  principal_open_id: maskAccount,
  alipay_logon_id: hide,
  external_logon_id: hide,
  buyer_logon_id: hide,
  payer_logon_id: hide,
  buyer_user_name: hide,
  auth_code: hide, // the digits of the payer's barcode
  refund_detail_item_list: hide, // they name the payer's bank
  fund_bill_list: hide,
  sign: hide,
  bill_download_url: (url) => url.replace(/\?.*$/s, '?***'), // whoever has it has the bill
}

const MAX_TEXT = 4_000
const MAX_STRANGE_TEXT = 500

/**
 * JSON without what personal data and secrets it holds, or the beginning of a text that is no JSON. `secrets`, as
 * the payer's account or barcode, are masked wherever they stand: an error may repeat them in its own words.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const masked = maskFields(text) ?? text.slice(0, MAX_STRANGE_TEXT)
  return maskWords(masked, secrets).slice(0, MAX_TEXT)
}

/** The text with the known secrets masked, and whatever else looks like a payer's logon. */
export function maskWords(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret !== '')
  return known
    .reduce((masked, secret) => masked.replaceAll(secret, maskAccount(secret)), text)
    .replaceAll(EMAIL, '***')
    .replaceAll(MOBILE, '***')
}

const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g
const MOBILE = /(?<![\w.-])1[3-9]\d{9}(?![\w.-])/g

function maskFields(text: string): string | null {
  try {
    return JSON.stringify(JSON.parse(text), (key, value: unknown) => {
      const mask = MASKS[key]
      if (mask === undefined || value === null) return value
      return typeof value === 'string' ? mask(value) : '***'
    })
  } catch {
    return null // no JSON, or nested past what the stack holds
  }
}
