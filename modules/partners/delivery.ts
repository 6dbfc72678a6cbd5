import type { HospitalId, Id } from '../../kernel/id.ts'
import { addMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import type { EndpointId } from './endpoint.ts'
import type { EventType } from './event-type.ts'

export type DeliveryId = Id<'Delivery'>
export type PartnerEventId = Id<'PartnerEvent'>

/** A fact as applications hear it. `sequence` counts the events of one hospital. */
export type PartnerEvent = {
  readonly hospitalId: HospitalId
  readonly id: PartnerEventId
  readonly sequence: number
  readonly type: EventType
  readonly data: object
  readonly occurredAt: Date
}

/** held: its endpoint is switched off, or its application is not let in; sent when that ends. */
export const DELIVERY_STATUSES = ['pending', 'delivered', 'held', 'given_up'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** Those that may be sent again. What is held waits for its endpoint to be switched on: that sends it. */
export const REPLAYED_STATUSES = [
  'pending',
  'delivered',
  'given_up',
] as const satisfies readonly DeliveryStatus[]

export const MOST_REPLAYED = 1_000

export type Delivery = {
  readonly hospitalId: HospitalId
  readonly id: DeliveryId
  readonly endpointId: EndpointId
  readonly eventId: PartnerEventId
  readonly eventType: EventType
  readonly status: DeliveryStatus
  readonly round: number
  readonly attempts: number
  readonly dueAt: Date | null
  readonly lastOutcome: DeliveryOutcome | null
  readonly lastStatus: number | null
  /** What kept the last try from arriving, in the words of the network; null where an answer came. */
  readonly lastError: string | null
  readonly createdAt: Date
  readonly endedAt: Date | null
}

/**
 * delivered: any 2xx. refused: any other status. redirected: a 3xx, which is not followed. timeout: no whole answer
 * in time. unreachable: no connection, or it broke. blocked: the address is one we do not call.
 */
export type DeliveryOutcome =
  | 'delivered'
  | 'refused'
  | 'redirected'
  | 'timeout'
  | 'unreachable'
  | 'blocked'

// From one try to the next: together 24 hours from the first to the last, the twelfth.
const WAITS_MS = [
  5 * SECOND_MS,
  25 * SECOND_MS,
  90 * SECOND_MS,
  8 * MINUTE_MS,
  20 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
  8 * HOUR_MS,
]

/** When a delivery that has failed so many times is tried again; null when it was the last time. */
export function nextTryAt(attempts: number, now: Date): Date | null {
  const wait = WAITS_MS[attempts - 1]
  return wait === undefined ? null : addMs(now, wait)
}

export const MOST_ATTEMPTS = WAITS_MS.length + 1

/** A try that a dead worker left is taken up by another after so long: longer than any try takes. */
export const LEASE_MS = MINUTE_MS
