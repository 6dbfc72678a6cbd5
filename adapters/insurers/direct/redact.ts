// What is kept of an exchange is shown to hospital finance: numbers and amounts, and nothing of a person. No name, no
// identity number, no diagnosis, no drug, no paper.

// Only these fields are shown; what an insurer adds of its own is hidden like everything else.
const SHOWN = new Set(
  `
  code message data hospitalCode requireCode directPayNo hospitalPayNo feeRecordNumber visitNo visitType
  visitDate policyNo policyList productCode productName policyStatus beginDate endDate waitingEndDate
  deductible deductibleUsed ratioPpm outsideRatioPpm limitAmount paidAmount excludedCategoryList status
  totalAmount totalMedins accountPayAmnt otherPayAmount selfBAmount selfCAmount directPayAmount
  personalPayAmount deductibleAmount refundedAmount feeShareList category amount remark reason expireTime
  settlementNo settleTime refundNo refundAmount directRefundNo refundTime submissionNo claimNo claimStatus
  wantedList decideTime consentNo consentVersion date totalCount netAmount listSha256 list type orderNo
  businessNo time feeList lineNo insuranceClass selfPayAmount documentList documentType documentNo sha256
  contentType
  `
    .trim()
    .split(/\s+/),
)

// Written by people, so that anything may stand in them.
const FREE_TEXT = new Set(['message', 'reason', 'remark'])

const LIKE_A_PERSONS_NUMBER = /(?<!\d)(\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)/g
const HIDDEN = '***'
const MAX_DEPTH = 6

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
  if (typeof value === 'string') return FREE_TEXT.has(name) ? redactText(value, secrets) : value
  if (Array.isArray(value)) return value.map((item) => hide(item, { ...at, depth: depth + 1 }))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([field, inside]) => [
      field,
      SHOWN.has(field) ? hide(inside, { name: field, secrets, depth: depth + 1 }) : HIDDEN,
    ]),
  )
}

type Place = { name: string; secrets: readonly string[]; depth: number }
