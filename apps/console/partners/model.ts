import type { components } from '../../../contract/hub.d.ts'
import type { Tone } from '../list/StatusChip.tsx'
import type { IconName } from '../shell/Icon.tsx'

type Schemas = components['schemas']
export type Application = Schemas['PartnerApplication']
export type ApplicationDetail = Schemas['PartnerApplicationDetail']
export type NewSecret = Schemas['PartnerSecret']
export type Key = Schemas['PartnerKey']
export type Endpoint = Schemas['WebhookEndpoint']
export type Delivery = Schemas['WebhookDelivery']
export type Attempt = Schemas['WebhookAttempt']
export type PartnerRequest = Schemas['PartnerRequest']

export type Scope = Application['scopes'][number]
export type Kind = Application['kind']
export type DeliveryStatus = Delivery['status']

export const KINDS = ['bank', 'his_vendor', 'insurer', 'app'] as const satisfies readonly Kind[]

export const SCOPES = [
  'payments:read',
  'payments:write',
  'refunds:write',
  'reconciliation:read',
  'events:read',
  'verify:read',
  'grants:write',
  'schedules:read',
  'bookings:write',
] as const satisfies readonly Scope[]

/** What the hub lets each kind have: it refuses the rest. Of an unknown kind, as one just being let in, all are shown. */
export const SCOPES_OF: Record<Kind, readonly Scope[]> = {
  bank: SCOPES,
  his_vendor: SCOPES.filter((scope) => scope !== 'verify:read' && scope !== 'grants:write'),
  insurer: ['payments:read', 'reconciliation:read', 'events:read', 'verify:read'],
  app: SCOPES.filter((scope) => scope !== 'reconciliation:read' && scope !== 'grants:write'),
}

export type EventType = Endpoint['eventTypes'][number]

const EVENT_TYPES = [
  'payment.succeeded',
  'payment.failed',
  'payment.closed',
  'payment.returned',
  'refund.succeeded',
  'refund.refused',
  'deposit.low',
  'bill.changed',
  'report.ready',
  'reconciliation.day_closed',
  'reconciliation.difference_opened',
  'reconciliation.case_overdue',
] as const satisfies readonly EventType[]

/** What an application with these scopes may be told of: nothing without the one for events. */
export const eventTypesFor = (scopes: readonly Scope[]): EventType[] =>
  EVENT_TYPES.filter(
    (type) =>
      scopes.includes('events:read') &&
      scopes.includes(
        /^(reconciliation|statements)\./.test(type) ? 'reconciliation:read' : 'payments:read',
      ),
  )

export const DELIVERY_STATUSES = [
  'pending',
  'delivered',
  'held',
  'given_up',
] as const satisfies readonly DeliveryStatus[]

/** Those that may be sent again: what is held waits for its endpoint to be switched on. */
export const REPLAYED_STATUSES = ['pending', 'given_up', 'delivered'] as const

export const STATUS_CLASSES = ['2xx', '4xx', '5xx'] as const
export type StatusClass = (typeof STATUS_CLASSES)[number]

/** Words: partners.deliveryStatuses.<status>. */
export const LOOK_OF_DELIVERY: Record<DeliveryStatus, { tone: Tone; icon: IconName }> = {
  pending: { tone: 'held', icon: 'clock' },
  delivered: { tone: 'good', icon: 'check' },
  held: { tone: 'plain', icon: 'lock' },
  given_up: { tone: 'bad', icon: 'cross' },
}

/** Words: partners.endpointStatuses.<status>. */
export const LOOK_OF_ENDPOINT: Record<Endpoint['status'], { tone: Tone; icon: IconName }> = {
  active: { tone: 'good', icon: 'check' },
  disabled: { tone: 'bad', icon: 'cross' },
  removed: { tone: 'plain', icon: 'missing' },
}

/** A refused call is the application's to mend, a failed one ours. */
export function lookOfAnswer(status: number): { tone: Tone; icon: IconName } {
  if (status >= 500) return { tone: 'bad', icon: 'alert' }
  if (status >= 400) return { tone: 'held', icon: 'missing' }
  return { tone: 'good', icon: 'check' }
}

/** The name of words: a colon or a dot means something else there. */
export const wordOf = (name: string): string => name.replaceAll(/[:.]/g, '_')

export const isOn = ({ status, accessStatus }: Application): boolean =>
  status === 'active' && accessStatus === 'active'
