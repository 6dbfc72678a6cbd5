import { type ErrorParams } from '../../kernel/error.ts'
import { SYSTEMS } from './elements.ts'

/** What stands in an RFC 9457 problem of the hub. */
export type ProblemBody = { status: number; code: string; params?: ErrorParams; detail?: string }

/** Pure: the problem as FHIR has it. `status` is the answer's; the code is the same as everywhere in the hub. */
export function outcomeOf(problem: ProblemBody) {
  const { code, params, detail } = problem
  const status = STATUS_OF_CODE[code] ?? problem.status
  const told = params === undefined ? [] : Object.entries(params).map(([k, v]) => `${k}: ${v}`)
  const diagnostics = [code, ...told, ...(detail === undefined ? [] : [detail])].join('; ')
  const isFatal = status >= 500 || TAKEN.has(code)
  return {
    status,
    outcome: operationOutcome({
      severity: isFatal ? 'fatal' : 'error',
      code: TYPE_OF_CODE[code] ?? (TAKEN.has(code) ? 'not-found' : typeOfStatus(status)),
      error: code,
      diagnostics: diagnostics.slice(0, MOST_DIAGNOSTICS),
    }),
  }
}

const MOST_DIAGNOSTICS = 1_000

export const operationOutcome = ({ severity, code, error, diagnostics }: Issue) => ({
  resourceType: 'OperationOutcome' as const,
  issue: [
    {
      severity,
      code,
      ...(error === undefined
        ? {}
        : { details: { coding: [{ system: SYSTEMS.error, code: error }] } }),
      diagnostics,
    },
  ],
})

/** Whose number is gone: IHE ITI-116 wants it fatal and not-found, whatever took it. */
const TAKEN: ReadonlySet<string> = new Set([
  'booking.slot_not_found',
  'booking.slot_taken',
  'booking.sold_out',
  'booking.session_not_found',
  'booking.session_stopped',
])

const STATUS_OF_CODE: Record<string, number> = {
  'fhir.format_unknown': 406,
  'booking.slot_not_found': 409,
  'booking.session_not_found': 409,
}

const TYPE_OF_CODE: Record<string, IssueType> = {
  'http.invalid_json': 'structure',
  'http.json_too_deep': 'structure',
  'http.body_too_large': 'too-long',
  'http.unsupported_media_type': 'not-supported',
  'http.idempotency_key_running': 'lock-error',
  'fhir.format_unknown': 'not-supported',
  'fhir.unknown_type': 'not-supported',
  'fhir.unknown_interaction': 'not-supported',
  'fhir.parameter_unknown': 'not-supported',
  'fhir.modifier_unknown': 'not-supported',
  'fhir.parameter_wrong': 'value',
  'fhir.parameter_missing': 'required',
  'fhir.parameter_secret': 'security',
  'fhir.range_too_long': 'too-costly',
  'fhir.body_wrong': 'structure',
}

function typeOfStatus(status: number): IssueType {
  if (status >= 500) return status === 503 ? 'transient' : 'exception'
  return TYPE_OF_STATUS[status] ?? 'invalid'
}

const TYPE_OF_STATUS: Record<number, IssueType> = {
  401: 'login',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  413: 'too-long',
  415: 'not-supported',
  422: 'business-rule',
  429: 'throttled',
}

type IssueType =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'value'
  | 'security'
  | 'login'
  | 'forbidden'
  | 'not-supported'
  | 'not-found'
  | 'too-long'
  | 'too-costly'
  | 'business-rule'
  | 'conflict'
  | 'transient'
  | 'lock-error'
  | 'throttled'
  | 'exception'
  | 'informational'
  | 'incomplete'

type Issue = {
  severity: 'fatal' | 'error' | 'warning' | 'information'
  code: IssueType
  error?: string
  diagnostics: string
}
