// What is kept of an exchange is shown to hospital finance. It must tell what happened, and nothing of a
// person: no names, no identity or card numbers, no diagnosis, no drugs.

// Only these fields are shown. What a HIS adds of its own accord is hidden like everything else.
const SHOWN = new Set(
  [
    'code message data at departments doctors subjectCode registrationFeeFen patientNo bills bill',
    'billNo version kind visitNo department doctor createdAt totalFen status paymentNo receiptNo',
    'items lineNo chargeCategory insuranceClass unitPriceFen quantity amountFen paidAt tenders',
    'tradeNo insuranceSettlementNo confirmedAt guidance reason voidedAt refundNo lines approvalNo',
    'schedules scheduleNo departmentCode doctorCode session clinic location consultationFeeFen total left',
    'slots slotNo startsAt endsAt lockNo holdSeconds lockedUntil unlockedAt appointmentNo registrationNo',
    'cancelledAt queueNo calling ahead reports reportNo orderedAt readyAt head stay stayNo ward bed',
    'admittedAt depositFen costFen pooledFen accountFen otherFen selfPayFen toPayFen toReturnFen depositNo',
    'settlementNo settledAt returnedFen dischargedAt totalFen from to',
    'completedAt businessDate page pages rows totals payments paymentsFen refunds refundsFen',
  ].flatMap((names) => names.split(' ')),
)

// Written by people, so that anything may stand in them.
const FREE_TEXT = new Set(['message', 'reason', 'guidance'])

// Where a number is all there is, only a birth date inside tells a person's from a settlement's.
const IDENTITY_NUMBER =
  /(?<!\d)[1-9]\d{5}(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]/g
const LIKE_A_PERSONS_NUMBER = /(?<!\d)(\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)/g

const HIDDEN = '***'
const MAX_DEPTH = 8

/** The JSON text of a body, with all hidden that is not `shown`; `secrets` are cut out of texts too. */
export const redact = (
  body: unknown,
  secrets: readonly string[],
  shown: ReadonlySet<string> = SHOWN,
): string => JSON.stringify(hide(body, { name: '', secrets, shown, depth: 0 })) ?? ''

/** A person's free text, without `secrets` and without what looks like an identity or phone number. */
export const redactText = (text: string, secrets: readonly string[]): string =>
  cut(text, secrets).replaceAll(LIKE_A_PERSONS_NUMBER, HIDDEN)

function hide(value: unknown, at: Place): unknown {
  const { name, secrets, shown, depth } = at
  if (depth > MAX_DEPTH) return HIDDEN
  if (typeof value === 'string') return (FREE_TEXT.has(name) ? redactText : cut)(value, secrets)
  if (Array.isArray(value)) return value.map((item) => hide(item, { ...at, depth: depth + 1 }))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([field, inside]) => [
      field,
      shown.has(field) ? hide(inside, { name: field, secrets, shown, depth: depth + 1 }) : HIDDEN,
    ]),
  )
}

const cut = (text: string, secrets: readonly string[]): string =>
  secrets
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
    .replaceAll(IDENTITY_NUMBER, HIDDEN)

type Place = {
  name: string
  secrets: readonly string[]
  shown: ReadonlySet<string>
  depth: number
}
