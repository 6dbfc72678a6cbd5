// What is kept of an exchange is shown to finance staff: business numbers and amounts, and nothing of a person. No name, no
// identity or phone number, no number by which we know the person; of an account, its last four places.

// Only these fields are shown; what a bank adds of its own is hidden like everything else.
const SHOWN = new Set(
  `
  service hospitalId operId sourceCode tradeTime flowId hospCode sign_type success code msg startTime timeConsum
  data loanAuthority creditsAmt loanedAmt remainingAmt overdueDays signStatus hospLoanAuthority hospRemainingAmt
  applyNo productCode wantedAmt consentVersion consentSha256 consentTime repayWay signTime endTime transNo
  sFlowId billNo cash scene visitNo subject status transTime failCode failMsg flushedAmt closeIfAbsent flushNo
  flushFlowId flushTime billList billAmt interestAmt leftAmt dueDate repayNo repayBillNo repaymentAmt
  overdueStatus tradeMode outTradeNo payFlowId payTime date totalCount netAmt listSha256 list type accountNo
  `
    .trim()
    .split(/\s+/),
)

// Written by people, so that anything may stand in them.
const FREE_TEXT = new Set(['msg', 'failMsg', 'subject'])

const LIKE_A_PERSONS_NUMBER = /(?<!\d)(\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)/g
const HIDDEN = '***'
const MAX_DEPTH = 6
const SHOWN_PLACES = 4

/** The JSON text of a message with all hidden that is not known to be harmless. */
export const redact = (message: unknown, secrets: readonly string[]): string =>
  JSON.stringify(hide(message, { name: '', secrets, depth: 0 })) ?? ''

/** Free text without `secrets` and without what looks like an identity or phone number. */
export const redactText = (text: string, secrets: readonly string[]): string =>
  secrets
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
    .replaceAll(LIKE_A_PERSONS_NUMBER, HIDDEN)

function hide(value: unknown, at: Place): unknown {
  const { name, secrets, depth } = at
  if (depth > MAX_DEPTH) return HIDDEN
  if (typeof value === 'string') return hideText(value, name, secrets)
  if (Array.isArray(value)) return value.map((item) => hide(item, { ...at, depth: depth + 1 }))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([field, inside]) => [
      field,
      SHOWN.has(field) ? hide(inside, { name: field, secrets, depth: depth + 1 }) : HIDDEN,
    ]),
  )
}

function hideText(text: string, name: string, secrets: readonly string[]): string {
  if (name === 'accountNo') return HIDDEN + text.slice(-SHOWN_PLACES)
  return FREE_TEXT.has(name) ? redactText(text, secrets) : text
}

type Place = { name: string; secrets: readonly string[]; depth: number }
