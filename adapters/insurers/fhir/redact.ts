// What is kept of an exchange is shown to hospital finance: numbers, amounts and states, and nothing of a person. No
// name, no identity number, no diagnosis, no drug, no paper.

// Only these elements are shown; whatever else a resource holds is hidden.
const SHOWN = new Set(
  `
  resourceType id type status use intent created outcome disposition identifier system value request focus
  basedOn insurance coverage preAuthRef preAuthPeriod period start end total amount currency category coding
  code payment date adjustment item itemSequence sequence net adjudication benefit allowedMoney usedMoney
  inforce excluded entry resource response search mode issue severity details text statusReason
  lastModified input output valueMoney valueIdentifier valueCode purpose detail paymentAmount paymentDate
  token_type expires_in error billablePeriod subType
  `
    .trim()
    .split(/\s+/),
)

// Written by people, so that anything may stand in them.
const FREE_TEXT = new Set(['text', 'disposition'])

/** Identifier and code systems whose values say something of a person's body or papers. */
const OF_A_PERSON = /resident-id$|icd-10|hospital-item$/

const LIKE_A_PERSONS_NUMBER = /(?<!\d)(\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?!\d)/g
const HIDDEN = '***'
const MAX_DEPTH = 14

/** The JSON text of a resource with all hidden that is not known to be harmless. */
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
  const system: unknown = 'system' in value ? value.system : null
  if (typeof system === 'string' && OF_A_PERSON.test(system)) return { system, value: HIDDEN }
  return Object.fromEntries(
    Object.entries(value).map(([field, inside]) => [
      field,
      SHOWN.has(field) ? hide(inside, { name: field, secrets, depth: depth + 1 }) : HIDDEN,
    ]),
  )
}

type Place = { name: string; secrets: readonly string[]; depth: number }
