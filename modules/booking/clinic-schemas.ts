import Type from 'typebox'

import { Fen, nullable, strict, Uuid } from '../../platform/http/schemas.ts'
import { AppointmentView, SessionView, StopImpactView, StopView } from './schemas.ts'

// What a hospital's staff sees of sessions and stops, as JSON Schema.

const ref = <View extends Type.TSchema>(_view: View, id: string) =>
  Type.Unsafe<Type.Static<View>>(Type.Ref(id))
const Session = ref(SessionView, 'BookingSession')

const SourceCountView = Type.Object({
  source: Type.Enum(['any', 'online', 'partner', 'window', 'doctor']),
  total: Type.Integer(),
  left: Type.Integer(),
  held: Type.Integer(),
  taken: Type.Integer(),
  flowsBackAt: nullable(
    Type.String({ format: 'date-time', description: 'From then on they are anybody’s' }),
  ),
})

export const ClinicView = Type.Object(
  {
    session: Session,
    sources: Type.Array(SourceCountView, {
      description: 'Empty where the hospital keeps the numbers and nobody has looked at them',
    }),
    proposedStopId: nullable(Uuid),
  },
  { $id: 'Clinic' },
)

export const StopPreviewView = Type.Object(
  {
    impact: StopImpactView,
    offers: Type.Array(Session, { description: 'What each whose fee is paid would be offered' }),
  },
  { $id: 'SessionStopPreview' },
)

export const StopProgressView = Type.Object(
  {
    stop: ref(StopView, 'SessionStop'),
    session: Session,
    people: Type.Array(
      Type.Object({
        outcome: Type.Enum(['untold', 'unpaid', 'deciding', 'moved', 'returning', 'returned'], {
          description:
            'untold: not yet told; unpaid: told, and there was no money; deciding: may choose ' +
            'another number or the money; moved, returning, returned: what became of the fee',
        }),
        people: Type.Integer(),
        feeFen: Fen('Of all of them.'),
      }),
    ),
  },
  { $id: 'SessionStopProgress' },
)

const Outcome = StopProgressView.properties.people.items.properties.outcome

export const StoppedPersonView = Type.Object(
  {
    appointment: ref(AppointmentView, 'BookingAppointment'),
    name: Type.String({ description: 'Masked' }),
    outcome: Outcome,
  },
  { $id: 'StoppedPerson' },
)

export const StopPeopleQuery = Type.Object(
  {
    outcome: Type.Optional(Outcome),
    after: Type.Optional(Uuid),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  strict,
)
