import Type from 'typebox'

import { Day, HospitalParam, Instant, nullable, strict, Uuid } from '../../platform/http/schemas.ts'
import { HospitalQueueRulesSchema, PlaceSchema } from './rules.ts'

// What the routes of the queue take and give, as JSON Schema.

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const Kind = Type.Enum(['clinic', 'laboratory', 'imaging', 'pharmacy'])
const Priority = Type.Enum(['emergency', 'returning', 'elderly', 'ordinary'])
const State = Type.Enum([
  'waiting',
  'called',
  'in_service',
  'done',
  'passed',
  'left',
  'transferred',
])
const limit = Type.Integer({ minimum: 1, maximum: 200, default: 50 })

export const OfHospital = Type.Object({ hospitalId: HospitalParam })
export const OfHospitalAndId = Type.Object({ hospitalId: HospitalParam, id: Uuid })

const WaitingTimeView = Type.Object({
  lowMs: Type.Integer({ description: 'One of ten is called before' }),
  medianMs: Type.Integer(),
  highMs: Type.Integer({ description: 'One of ten is called after' }),
})

export const LineView = Type.Object(
  {
    id: Uuid,
    businessDate: Day,
    kind: Kind,
    departmentCode: Type.String(),
    departmentName: Type.String(),
    doctorCode: Type.String({ description: 'Empty where it is nobody’s' }),
    doctorName: Type.String(),
    location: Type.String(),
    startsAt: Instant,
    begunAt: nullable(Instant),
  },
  { $id: 'QueueLine' },
)

export const TicketView = Type.Object(
  {
    id: Uuid,
    lineId: Uuid,
    number: Type.Integer(),
    state: State,
    priority: Priority,
    room: nullable(Type.String()),
    via: Type.Enum(['phone', 'beacon', 'kiosk', 'desk', 'transfer']),
    checkedInAt: Instant,
    calledAt: nullable(Instant),
    told: WaitingTimeView,
  },
  { $id: 'QueueTicket' },
)

export const PlaceView = Type.Object(
  {
    ticketId: Uuid,
    number: Type.Integer(),
    name: Type.String({ description: 'Masked on a screen; in full for those who work the line' }),
    state: State,
    priority: nullable(Priority),
    room: nullable(Type.String()),
    ahead: Type.Integer(),
    waiting: nullable(WaitingTimeView),
  },
  { $id: 'QueuePlace' },
)

export const BoardView = Type.Object(
  {
    line: Type.Unsafe<Type.Static<typeof LineView>>(Type.Ref('QueueLine')),
    at: Instant,
    places: Type.Array(Type.Unsafe<Type.Static<typeof PlaceView>>(Type.Ref('QueuePlace'))),
  },
  { $id: 'QueueBoard' },
)

export const MyTicketView = Type.Object(
  {
    id: Uuid,
    lineId: Uuid,
    number: Type.Integer(),
    state: State,
    kind: Kind,
    departmentName: Type.String(),
    doctorName: Type.String(),
    location: Type.String(),
    room: nullable(Type.String()),
    ahead: Type.Integer(),
    waiting: nullable(WaitingTimeView),
    checkedInAt: Instant,
  },
  { $id: 'MyQueueTicket' },
)

export const AwaitedView = Type.Object(
  {
    appointmentId: Uuid,
    departmentName: Type.String(),
    doctorName: Type.String(),
    location: Type.String(),
    startsAt: Instant,
    opensAt: Instant,
    closesAt: Instant,
    waiting: WaitingTimeView,
    leaveInMs: nullable(Type.Integer({ description: 'Until it is time to set out; 0 is now' })),
  },
  { $id: 'QueueAwaited' },
)

export const MineView = Type.Object(
  {
    tickets: Type.Array(Type.Unsafe<Type.Static<typeof MyTicketView>>(Type.Ref('MyQueueTicket'))),
    awaited: Type.Array(Type.Unsafe<Type.Static<typeof AwaitedView>>(Type.Ref('QueueAwaited'))),
    radiusM: Type.Integer({ description: 'A phone checks in so near to the gate' }),
    gate: nullable(PlaceSchema),
  },
  { $id: 'MyQueue' },
)

export const RulesView = Type.Object(
  { version: Type.Integer(), rules: HospitalQueueRulesSchema },
  { $id: 'QueueRules' },
)

export const ScreenView = Type.Object(
  {
    id: Uuid,
    name: Type.String(),
    lineKind: Kind,
    departmentCode: Type.String(),
    createdAt: Instant,
    revokedAt: nullable(Instant),
  },
  { $id: 'QueueScreen' },
)

export const AccuracyView = Type.Object(
  {
    departmentCode: Type.String(),
    departmentName: Type.String(),
    doctorCode: Type.String(),
    doctorName: Type.String(),
    people: Type.Integer(),
    errorMs: Type.Integer({ description: 'The told median and what it became, on average' }),
    naiveErrorMs: Type.Integer({ description: 'The same of people ahead times the mean' }),
    withinPercent: Type.Integer({ description: 'Who was called within the told interval' }),
  },
  { $id: 'QueueAccuracy' },
)

export const LinesQuery = Type.Object(
  {
    kind: Type.Optional(Kind),
    departmentCode: Type.Optional(Text(30)),
    after: Type.Optional(Uuid),
    limit,
  },
  strict,
)
export const PageQuery = Type.Object({ after: Type.Optional(Uuid), limit }, strict)
export const DaysQuery = Type.Object({ from: Day, to: Day }, strict)
export const MineQuery = Type.Object(
  {
    distanceM: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'From the gate' }),
    ),
  },
  strict,
)

export const NewRules = Type.Object(
  { rules: HospitalQueueRulesSchema, after: Type.Integer({ minimum: 0 }) },
  strict,
)
export const NewLineBody = Type.Object(
  {
    kind: Kind,
    departmentCode: Text(30),
    departmentName: Text(100),
    doctorCode: Type.Optional(Text(30)),
    doctorName: Type.Optional(Text(100)),
    location: Text(200),
  },
  strict,
)
const Medium = Type.Object(
  {
    kind: Type.Enum([
      'id_card',
      'passport',
      'hk_macao_permit',
      'taiwan_permit',
      'foreign_residence',
      'social_card',
      'insurance_voucher',
      'health_code',
      'health_code_dynamic',
      'hospital_card',
      'bank_card',
      'face_token',
      'newborn',
      'emergency',
    ]),
    value: Text(200),
  },
  { ...strict, description: 'What a person is known by, as it was read' },
)
export const DeskCheckIn = Type.Object(
  {
    medium: Medium,
    appointmentId: Type.Optional(Uuid),
    via: Type.Enum(['desk', 'kiosk']),
  },
  strict,
)
export const WalkInBody = Type.Object(
  {
    medium: Medium,
    via: Type.Enum(['desk', 'kiosk']),
    priority: Type.Optional(Type.Enum(['emergency'])),
    hasResults: Type.Optional(Type.Boolean()),
  },
  strict,
)
export const OwnCheckIn = Type.Object(
  {
    appointmentId: Type.Optional(Uuid),
    place: Type.Optional(
      Type.Object(
        { ...PlaceSchema.properties, accuracyM: Type.Number({ minimum: 0, maximum: 100_000 }) },
        strict,
      ),
    ),
    beacon: Type.Optional(Text(64)),
  },
  strict,
)
export const CallBody = Type.Object({ room: Text(60) }, strict)
export const ActBody = Type.Object(
  {
    act: Type.Enum(['call_again', 'undo_call', 'begin', 'finish', 'pass', 'recall', 'leave']),
  },
  strict,
)
export const TransferBody = Type.Object({ lineId: Uuid }, strict)
export const NewScreenBody = Type.Object(
  { name: Text(60), lineKind: Kind, departmentCode: Text(30) },
  strict,
)
