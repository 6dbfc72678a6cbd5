import Type from 'typebox'

import { Instant, nullable, Uuid } from '../../platform/http/schemas.ts'
import { APPLICATION_KINDS, KEY_ALGORITHMS, MOST_ADDRESSES } from './application.ts'
import { DELIVERY_STATUSES, MOST_REPLAYED, REPLAYED_STATUSES } from './delivery.ts'
import { EXTRA_SIGNATURES } from './endpoint.ts'
import { EVENT_TYPES } from './event-type.ts'
import { PROOFS } from './proof.ts'
import { STATUS_CLASSES } from './request-log-store.ts'
import { SCOPES } from './scope.ts'

// What the routes of partners take and give, as JSON Schema.

const Count = Type.Integer({ minimum: 0 })
const HospitalParam = Type.Integer({ minimum: 1, maximum: 1_679_615 })
const ScopeName = Type.Enum([...SCOPES])
const EventTypeName = Type.Enum([...EVENT_TYPES])
const Scopes = Type.Array(ScopeName, { maxItems: SCOPES.length })
const EventTypes = Type.Array(EventTypeName, { minItems: 1, maxItems: EVENT_TYPES.length })
const Addresses = Type.Array(Type.String({ minLength: 2, maxLength: 49 }), {
  maxItems: MOST_ADDRESSES,
  description: 'From where it may call: addresses and ranges. None for anywhere',
  examples: [['203.0.113.0/24']],
})

export const OfHospital = Type.Object({ hospitalId: HospitalParam })
export const OfHospitalAndId = Type.Object({ hospitalId: HospitalParam, id: Uuid })
export const OfSecret = Type.Object({ hospitalId: HospitalParam, id: Uuid, secretId: Uuid })
export const OfDelivery = Type.Object({ hospitalId: HospitalParam, id: Uuid, deliveryId: Uuid })
export const OfEndpoint = Type.Object({ hospitalId: HospitalParam, id: Uuid, endpointId: Uuid })
export const OfKey = Type.Object({ hospitalId: HospitalParam, id: Uuid, keyId: Uuid })

export const PageQuery = Type.Object({
  before: Type.Optional(Uuid),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
})

const applicationFields = {
  id: Uuid,
  clientId: Type.String(),
  name: Type.String(),
  kind: Type.Enum([...APPLICATION_KINDS]),
  homeHospital: Type.Integer({ description: 'Whose IT registered it and keeps its secrets' }),
  allowedAddresses: Addresses,
  status: Type.Enum(['active', 'disabled']),
  accessStatus: Type.Enum(['active', 'withdrawn'], { description: 'At this hospital' }),
  scopes: Scopes,
  createdAt: Instant,
}

export const ApplicationView = Type.Object(applicationFields, { $id: 'PartnerApplication' })

export const SecretView = Type.Object({ id: Uuid, createdAt: Instant, expiresAt: Instant })

export const KeyView = Type.Object(
  {
    id: Uuid,
    algorithm: Type.Enum([...KEY_ALGORITHMS]),
    publicKey: Type.String(),
    validFrom: Instant,
    validUntil: Instant,
  },
  { $id: 'PartnerKey' },
)

export const ApplicationDetail = Type.Object(
  {
    ...applicationFields,
    secrets: Type.Array(SecretView),
    keys: Type.Array(Type.Unsafe<Type.Static<typeof KeyView>>(Type.Ref('PartnerKey'))),
  },
  { $id: 'PartnerApplicationDetail' },
)

export const NewSecretView = Type.Object(
  {
    secretId: Uuid,
    clientSecret: Type.String({ description: 'Shown this once' }),
    expiresAt: Instant,
  },
  { $id: 'PartnerSecret' },
)

export const NewApplicationBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    kind: Type.Enum([...APPLICATION_KINDS]),
    scopes: Scopes,
    allowedAddresses: Type.Optional(Addresses),
  },
  { additionalProperties: false },
)

export const AdmissionBody = Type.Object(
  { clientId: Type.String({ minLength: 1, maxLength: 60 }), scopes: Scopes },
  { additionalProperties: false },
)

export const ApplicationChangeBody = Type.Object(
  { scopes: Type.Optional(Scopes), allowedAddresses: Type.Optional(Addresses) },
  { additionalProperties: false, minProperties: 1 },
)

export const StatusBody = Type.Object(
  { status: Type.Enum(['active', 'disabled']) },
  { additionalProperties: false },
)

export const RotationBody = Type.Object(
  {
    overlapHours: Type.Integer({
      minimum: 0,
      maximum: 168,
      default: 24,
      description: 'How long the secrets there are work on',
    }),
  },
  { additionalProperties: false },
)

export const NewKeyBody = Type.Object(
  {
    algorithm: Type.Enum([...KEY_ALGORITHMS]),
    publicKey: Type.String({
      minLength: 100,
      maxLength: 4_000,
      description: 'PEM; of SM2 also the point in hex, 04 and both coordinates',
    }),
    validFrom: Type.Optional(Instant),
    validUntil: Instant,
  },
  { additionalProperties: false },
)

export const EndpointView = Type.Object(
  {
    id: Uuid,
    url: Type.String(),
    eventTypes: EventTypes,
    extraSignature: nullable(Type.Enum([...EXTRA_SIGNATURES])),
    status: Type.Enum(['active', 'disabled', 'removed']),
    disabledReason: nullable(Type.Enum(['by_owner', 'gone', 'failing'])),
    failingSince: nullable(Instant),
    earlierSecretUntil: nullable(Instant),
    createdAt: Instant,
  },
  { $id: 'WebhookEndpoint' },
)

const Url = Type.String({
  minLength: 1,
  maxLength: 500,
  examples: ['https://bank.example/yiqiao/events'],
})

export const NewEndpointBody = Type.Object(
  {
    url: Url,
    eventTypes: EventTypes,
    extraSignature: Type.Optional(
      Type.Enum([...EXTRA_SIGNATURES], {
        description: 'A signature by the platform’s own key, beside the one by the shared secret',
      }),
    ),
  },
  { additionalProperties: false },
)

export const EndpointChangeBody = Type.Object(
  {
    url: Type.Optional(Url),
    eventTypes: Type.Optional(EventTypes),
    status: Type.Optional(Type.Enum(['active', 'disabled'])),
  },
  { additionalProperties: false, minProperties: 1 },
)

export const EndpointSecretView = Type.Object({ secret: Type.String(), earlierUntil: Instant })

export const EventView = Type.Object(
  {
    id: Uuid,
    type: EventTypeName,
    version: Type.String(),
    sequence: Type.Integer({ description: 'Counts all events of the hospital' }),
    occurredAt: Instant,
    hospitalId: HospitalParam,
    data: Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer(), Type.Null()]), {
      description: 'See docs/interface/webhooks.md',
    }),
  },
  { $id: 'PartnerEvent' },
)

const Outcome = Type.Enum([
  'delivered',
  'refused',
  'redirected',
  'timeout',
  'unreachable',
  'blocked',
])

export const DeliveryView = Type.Object(
  {
    id: Uuid,
    endpointId: Uuid,
    eventId: Uuid,
    eventType: EventTypeName,
    status: Type.Enum([...DELIVERY_STATUSES]),
    round: Type.Integer({ description: 'One more each time it was asked for again' }),
    attempts: Type.Integer({ description: 'Of this round' }),
    dueAt: nullable(Instant),
    lastOutcome: nullable(Outcome),
    lastStatus: nullable(Type.Integer()),
    lastError: nullable(Type.String()),
    createdAt: Instant,
    endedAt: nullable(Instant),
  },
  { $id: 'WebhookDelivery' },
)

export const AttemptView = Type.Object(
  {
    round: Type.Integer(),
    attemptNo: Type.Integer(),
    at: Instant,
    durationMs: Count,
    outcome: Outcome,
    responseStatus: nullable(Type.Integer()),
    responseBody: nullable(Type.String({ description: 'Its first two thousand bytes' })),
    error: nullable(Type.String()),
  },
  { $id: 'WebhookAttempt' },
)

export const AlertView = Type.Object(
  {
    id: Uuid,
    endpointId: Uuid,
    kind: Type.Enum(['endpoint_gone', 'endpoint_failing']),
    at: Instant,
    detail: Type.String(),
  },
  { $id: 'PartnerAlert' },
)

export const RequestView = Type.Object(
  {
    id: Uuid,
    applicationId: Uuid,
    hospitalId: nullable(Type.Integer()),
    method: Type.String(),
    path: Type.String(),
    status: Type.Integer(),
    errorCode: nullable(Type.String()),
    requestId: Type.String({ description: 'As a problem gives it as its instance' }),
    address: Type.String({ description: 'From where it was asked' }),
    proof: Type.Enum([...PROOFS], { description: 'How the application proved itself' }),
    durationMs: Count,
    at: Instant,
  },
  { $id: 'PartnerRequest' },
)

export const FeedQuery = Type.Object({
  after: Type.Integer({
    minimum: 0,
    default: 0,
    description: 'The last sequence already read',
  }),
  types: Type.Optional(Type.Array(EventTypeName, { maxItems: EVENT_TYPES.length })),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  waitSeconds: Type.Integer({
    minimum: 0,
    maximum: 25,
    default: 0,
    description: 'How long to wait for an event when there is none',
  }),
})

export const DeliveryQuery = Type.Object({
  endpointId: Type.Optional(Uuid),
  status: Type.Optional(Type.Enum([...DELIVERY_STATUSES])),
  before: Type.Optional(Uuid),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
})

const requestFilter = {
  status: Type.Optional(Type.Enum([...STATUS_CLASSES], { description: 'How it ended' })),
  requestId: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  since: Type.Optional(Instant),
  until: Type.Optional(Type.String({ format: 'date-time', description: 'Not included' })),
  before: Type.Optional(Uuid),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
}

export const RequestQuery = Type.Object({
  failed: Type.Optional(Type.Boolean({ description: 'The same as both 4xx and 5xx' })),
  ...requestFilter,
})

export const HospitalRequestQuery = Type.Object({
  applicationId: Type.Optional(Uuid),
  ...requestFilter,
})

export const ReplayRangeBody = Type.Object(
  {
    since: Instant,
    until: Type.String({ format: 'date-time', description: 'Not included' }),
    endpointId: Type.Optional(Uuid),
    statuses: Type.Array(Type.Enum([...REPLAYED_STATUSES]), {
      minItems: 1,
      maxItems: REPLAYED_STATUSES.length,
      default: ['pending', 'given_up'],
    }),
  },
  { additionalProperties: false },
)

export const ReplayedView = Type.Object(
  {
    count: Type.Integer({ description: 'How many are sent again' }),
    isWhole: Type.Boolean({
      description: `False when there may be more: ${MOST_REPLAYED} are taken in one go, the oldest first`,
    }),
  },
  { $id: 'WebhookReplay' },
)

export const ResendBody = Type.Object(
  { endpointId: Type.Optional(Uuid) },
  { additionalProperties: false },
)
