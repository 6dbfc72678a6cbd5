import type { ApplicationKind } from './application.ts'

// What of an answer an application is shown. A bank and a shop's app learn amounts, and never what a person was treated
// with or for: no drugs, no examinations, no department or doctor, no way through the house, no words of whoever asked
// for a refund. Source: requirement S-37, an answer's fields by who reads it.

/** The answer of a route as an application of this kind may see it. Only a vendor of hospitals' systems sees the lines. */
export function shownTo(kind: ApplicationKind, answer: unknown): unknown {
  return kind === 'his_vendor' ? answer : withoutTreatment(answer)
}

function withoutTreatment(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTreatment)
  if (!isRecord(value)) return value
  const shown = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withoutTreatment(inner)]),
  )
  if ('billNo' in value && 'lines' in value) return { ...shown, ...plainBill(value) }
  if ('refusalCode' in value && 'lineNos' in value) return { ...shown, reason: '' }
  return shown
}

/** A bill keeps its shape, so that one contract holds for every reader. */
const plainBill = (bill: Record<string, unknown>) => ({
  title: bill['kind'] === 'registration' ? '挂号费' : '门诊费用',
  lines: [],
  ...('guidance' in bill ? { guidance: [] } : {}),
})

/** A Date and the like are values, and not looked into. */
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
