/** What stands in a trace in place of an account: enough to recognise it, too little to use it. */
const maskAccount = (account: string): string => `${account.slice(0, 4)}***`

const MASKS: Readonly<Record<string, (value: string) => string>> = {
  openid: maskAccount,
  sp_openid: maskAccount,
  sub_openid: maskAccount,
  auth_code: maskAccount, // the payer's code is money for a minute
  sign: () => '***',
  bank_account: () => '***',
  real_name: () => '***',
  user_received_account: () => '***',
  ciphertext: () => '***',
  id_digest: () => '***',
  name: () => '***', // of a patient, sealed for WeChat as it is
  pay_auth_no: () => '***', // leave to charge the insurance
  geo_location: () => '***',
  passthrough_request_content: () => '***',
  passthrough_response_content: () => '***',
  download_url: (url) => url.replace(/\?.*$/s, '?***'), // its token opens the bill
}

const MAX_TEXT = 4_000
const MAX_STRANGE_TEXT = 500

/**
 * JSON without what personal data and secrets it holds, or the beginning of a text that is no JSON.
 * `account`, when known, is masked wherever it stands: an error may repeat it in its own words.
 */
export function redact(text: string, account: string | null): string {
  const masked = maskFields(text) ?? text.slice(0, MAX_STRANGE_TEXT)
  return maskAccounts(masked, account).slice(0, MAX_TEXT)
}

/** The text with the known account masked, and whatever else looks like one of WeChat's. */
export function maskAccounts(text: string, account: string | null): string {
  const known = account ? text.replaceAll(account, maskAccount(account)) : text
  return known.replaceAll(OPENID, maskAccount)
}

// WeChat's accounts are an "o" with 27 more characters.
const OPENID = /(?<![\w-])o[\w-]{27}(?![\w-])/g

function maskFields(text: string): string | null {
  try {
    return JSON.stringify(JSON.parse(text), (key, value: unknown) =>
      typeof value === 'string' ? (MASKS[key]?.(value) ?? value) : value,
    )
  } catch {
    return null // no JSON, or nested past what the stack holds
  }
}
