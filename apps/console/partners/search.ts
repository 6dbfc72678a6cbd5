import { given, oneOf, type Raw, uuidOf } from '../search/params.ts'
import {
  DELIVERY_STATUSES,
  type DeliveryStatus,
  STATUS_CLASSES,
  type StatusClass,
} from './model.ts'

// What the pages of partners keep in their URL.

export const readApplicationsSearch = (raw: Raw): { before?: string } =>
  given({ before: uuidOf(raw['before']) })

/** `delivery`: the one whose tries are open. */
export type ApplicationSearch = {
  endpointId?: string
  status?: DeliveryStatus
  delivery?: string
  before?: string
}

export const readApplicationSearch = (raw: Raw): ApplicationSearch =>
  given({
    endpointId: uuidOf(raw['endpointId']),
    status: oneOf(DELIVERY_STATUSES, raw['status']),
    delivery: uuidOf(raw['delivery']),
    before: uuidOf(raw['before']),
  })

/** `from` and `to`: times of the business date, 09:30; only when `onDay`. `request`: the one that is open. */
export type RequestsSearch = {
  applicationId?: string
  status?: StatusClass
  requestId?: string
  onDay?: true
  from?: string
  to?: string
  request?: string
  before?: string
}

export const readRequestsSearch = (raw: Raw): RequestsSearch =>
  given({
    applicationId: uuidOf(raw['applicationId']),
    status: oneOf(STATUS_CLASSES, raw['status']),
    requestId: requestIdOf(raw['requestId']),
    onDay: raw['onDay'] === true || raw['onDay'] === 'true' ? (true as const) : undefined,
    from: timeOf(raw['from']),
    to: timeOf(raw['to']),
    request: uuidOf(raw['request']),
    before: uuidOf(raw['before']),
  })

const MOST_LETTERS = 100

function requestIdOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim().slice(0, MOST_LETTERS) : ''
  return text === '' ? undefined : text
}

const timeOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? value : undefined
