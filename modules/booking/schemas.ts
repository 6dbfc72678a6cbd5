import Type from 'typebox'

import {
  Day,
  Fen,
  HospitalParam,
  Instant,
  nullable,
  strict,
  Uuid,
} from '../../platform/http/schemas.ts'

// What the routes of booking take and give, as JSON Schema.

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const Named = Type.Object({ code: Type.String(), name: Type.String() })
const NewNamed = Type.Object({ code: Text(30), name: Text(100) }, strict)
const Period = Type.Enum(['morning', 'noon', 'afternoon', 'evening'])
const Source = Type.Enum(['online', 'partner', 'window', 'doctor'])
const MAX_FEE_FEN = 10_000_000
const MOST_NUMBERS = 1_000

export const OfHospital = Type.Object({ hospitalId: HospitalParam })
export const OfHospitalAndId = Type.Object({ hospitalId: HospitalParam, id: Uuid })

const limit = Type.Integer({ minimum: 1, maximum: 200, default: 50 })
const PatientId = Type.Optional(
  Type.String({
    format: 'uuid',
    description: 'Whose number it is: for an application, of one who allowed it to book for them',
  }),
)

export const PageQuery = Type.Object({ after: Type.Optional(Uuid), limit }, strict)
export const MineQuery = Type.Object(
  { after: Type.Optional(Uuid), limit, patientId: PatientId },
  strict,
)
export const SlotsQuery = Type.Object(
  { after: Type.Optional(Type.Integer({ minimum: 0 })), limit },
  strict,
)
export const SessionsQuery = Type.Object(
  {
    from: Day,
    to: Type.String({ format: 'date', description: 'At most 31 days after from' }),
    departmentCode: Type.Optional(Text(30)),
    doctorCode: Type.Optional(Text(30)),
    after: Type.Optional(Uuid),
    limit,
  },
  strict,
)

export const SessionView = Type.Object(
  {
    id: Uuid,
    origin: Type.Enum(['pool', 'his'], {
      description: 'Who keeps the numbers: the hub or the hospital',
    }),
    department: Named,
    doctor: Named,
    clinic: Type.String(),
    location: Type.String(),
    businessDate: Day,
    period: Period,
    startsAt: Instant,
    endsAt: Instant,
    feeFen: Fen('The registration fee.'),
    status: Type.Enum(['open', 'stopped']),
    releasesAt: Type.String({
      format: 'date-time',
      description: 'Numbers can be had from then on',
    }),
    total: Type.Integer(),
    left: Type.Integer(),
    fetchedAt: nullable(Instant),
    stale: Type.Boolean({
      description: 'The hospital did not answer: this is what it said at fetchedAt',
    }),
  },
  { $id: 'BookingSession' },
)

export const SlotView = Type.Object(
  {
    id: Type.String(),
    number: Type.Integer(),
    startsAt: Instant,
    endsAt: Instant,
    status: Type.Enum(['free', 'held', 'taken', 'stopped', 'resting'], {
      description: 'resting: not to be had online now, just given back or kept for another source',
    }),
  },
  { $id: 'BookingSlot' },
)

export const AppointmentView = Type.Object(
  {
    id: Uuid,
    personId: Uuid,
    sessionId: Uuid,
    slotNumber: nullable(Type.Integer()),
    businessDate: Day,
    departmentCode: Type.String(),
    startsAt: Instant,
    endsAt: Instant,
    source: Source,
    status: Type.Enum([
      'held',
      'booked',
      'checked_in',
      'finished',
      'no_show',
      'cancelled',
      'expired',
      'stopped',
    ]),
    waitsForHospital: Type.Boolean({
      description: 'The system of the hospital has not answered yet; it is asked again',
    }),
    feeFen: Fen('Nothing within the days of follow-up.'),
    fee: Type.Enum(['none', 'due', 'paid', 'returning', 'returned', 'moved']),
    bill: nullable(Type.Object({ billNo: Type.String(), version: Type.Integer() })),
    paymentId: nullable(Uuid),
    expiresAt: nullable(Instant),
    cancelUntil: Instant,
    chooseUntil: nullable(
      Type.String({
        format: 'date-time',
        description: 'Of a stopped one: until then another slot may be taken in its place',
      }),
    ),
    reason: nullable(Type.String()),
    createdAt: Instant,
  },
  { $id: 'BookingAppointment' },
)

export const MessageView = Type.Object(
  {
    id: Uuid,
    appointmentId: Uuid,
    kind: Type.String(),
    params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
    at: Instant,
  },
  { $id: 'BookingMessage' },
)

export const WaitingView = Type.Object(
  {
    id: Uuid,
    sessionId: Uuid,
    status: Type.Enum(['waiting', 'offered', 'left']),
    appointmentId: nullable(Uuid),
    createdAt: Instant,
  },
  { $id: 'BookingWaiting' },
)

export const StopImpactView = Type.Object({
  booked: Type.Integer(),
  held: Type.Integer(),
  checkedIn: Type.Integer(),
  paid: Type.Integer(),
  refundFen: Fen('If all of them take the money.'),
  equalSessions: Type.Integer(),
  equalSlots: Type.Integer(),
})

export const StopView = Type.Object(
  {
    id: Uuid,
    sessionId: Uuid,
    slotNumber: nullable(Type.Integer()),
    reason: Type.String(),
    status: Type.Enum(['proposed', 'carried_out', 'declined']),
    impact: StopImpactView,
    proposedBy: Type.String(),
    proposedAt: Instant,
    decidedBy: nullable(Type.String()),
    decidedAt: nullable(Instant),
  },
  { $id: 'SessionStop' },
)

const Proof = Type.Object({ text: Text(120), nonce: Text(40) }, strict)

export const NewHold = Type.Object(
  {
    sessionId: Uuid,
    slotNumber: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    device: Type.Optional(Text(128)),
    proof: Type.Optional(Proof),
    patientId: PatientId,
  },
  strict,
)

export const NewHoldByStaff = Type.Object(
  {
    personId: Uuid,
    sessionId: Uuid,
    slotNumber: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    source: Type.Enum(['window', 'doctor']),
  },
  strict,
)

export const ProofTaskView = Type.Object(
  {
    text: Type.String(),
    bits: Type.Integer({
      description: 'SHA-256 of "<text>.<nonce>" begins with so many zero bits; 0 asks for no work',
    }),
    expiresAt: Instant,
  },
  { $id: 'ProofTask' },
)

export const OfSession = Type.Object({ sessionId: Uuid }, strict)

export const NewSessionBody = Type.Object(
  {
    department: NewNamed,
    doctor: NewNamed,
    clinic: Text(60),
    location: Text(200),
    businessDate: Day,
    period: Period,
    startsAt: Instant,
    endsAt: Instant,
    feeFen: Type.Integer({ minimum: 0, maximum: MAX_FEE_FEN }),
    total: Type.Integer({ minimum: 1, maximum: MOST_NUMBERS }),
    quotas: Type.Array(
      Type.Object(
        {
          source: Source,
          count: Type.Integer({ minimum: 1, maximum: MOST_NUMBERS }),
          flowsBackAt: nullable(Instant),
        },
        strict,
      ),
      { maxItems: 4 },
    ),
  },
  strict,
)

export const Shrink = Type.Object(
  { by: Type.Integer({ minimum: 1, maximum: MOST_NUMBERS }) },
  strict,
)
export const Mark = Type.Object({ as: Type.Enum(['checked_in', 'finished', 'no_show']) }, strict)
export const NewStopBody = Type.Object({ sessionId: Uuid, reason: Text(200) }, strict)
export const StopDecision = Type.Object({ agrees: Type.Boolean() }, strict)

export const AppointmentsQuery = Type.Object(
  {
    sessionId: Type.Optional(Uuid),
    personId: Type.Optional(Uuid),
    status: Type.Optional(AppointmentView.properties.status),
    from: Type.Optional(Day),
    after: Type.Optional(Uuid),
    limit,
  },
  strict,
)
