import type { HospitalId } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { businessDate, toShanghaiIso } from '../../../kernel/time.ts'
import type { BookingSession, SessionId } from '../../booking/index.ts'
import { extensionUrl, type Identifier, STALE, SYSTEMS } from '../elements.ts'
import { moneyOf } from '../json.ts'
import { spanOf } from '../search/dates.ts'
import { date, type Parameter, reference, token } from '../search/parameter.ts'
import type { FhirType } from '../type.ts'

/** A doctor's half day 出诊. The doctor and the department are named by the hospital's own codes. */
export const toSchedule = (session: BookingSession) => ({
  resourceType: 'Schedule' as const,
  id: session.id,
  ...(session.stale ? { meta: { tag: STALE } } : {}),
  extension: [
    { url: extensionUrl('fee'), valueMoney: moneyOf(session.feeFen) },
    { url: extensionUrl('releases-at'), valueInstant: session.releasesAt.toISOString() },
    { url: extensionUrl('slots-total'), valueUnsignedInt: session.total },
    { url: extensionUrl('slots-left'), valueUnsignedInt: session.left },
  ],
  active: session.status === 'open',
  serviceType: [
    {
      coding: [
        { system: SYSTEMS.ofHospital(session.hospitalId, 'clinic'), code: codeOf(session.clinic) },
      ],
      text: session.clinic,
    },
  ],
  specialty: [departmentOf(session)],
  actor: [practitionerOf(session), locationOf(session)],
  planningHorizon: {
    start: toShanghaiIso(session.startsAt),
    end: toShanghaiIso(session.endsAt),
  },
})

export const departmentOf = ({
  hospitalId,
  department,
}: Pick<BookingSession, 'hospitalId' | 'department'>) => ({
  coding: [
    {
      system: SYSTEMS.ofHospital(hospitalId, 'department'),
      code: department.code,
      display: department.name,
    },
  ],
})

export const practitionerOf = ({
  hospitalId,
  doctor,
}: Pick<BookingSession, 'hospitalId' | 'doctor'>): {
  type: string
  identifier: Identifier
  display: string
} => ({
  type: 'Practitioner',
  identifier: { system: SYSTEMS.ofHospital(hospitalId, 'doctor'), value: doctor.code },
  display: doctor.name,
})

const locationOf = ({ location }: Pick<BookingSession, 'location'>) => ({
  type: 'Location',
  display: location === '' ? '-' : location,
})

/** A code has no space at its ends and none that are doubled. */
const codeOf = (text: string): string => text.trim().replace(/\s+/g, ' ') || '-'

type Schedule = ReturnType<typeof toSchedule>

const parameters: Parameter<Schedule>[] = [
  date('date', 'At most 31 days; from today on, if not said', (schedule) =>
    spanOf(schedule.planningHorizon),
  ),
  token('specialty', 'The department, by the hospital’s code', (schedule) => schedule.specialty),
  token('service-type', 'The kind of clinic', (schedule) => schedule.serviceType),
  reference(
    'actor',
    'The doctor: urn:yiqiao:hospital:<n>:doctor|<code>',
    (schedule) => schedule.actor,
  ),
  token('active', 'false of one that was stopped', (schedule) => [schedule.active]),
]

export const scheduleType: FhirType<BookingSession, Schedule> = {
  type: 'Schedule',
  documentation: 'A doctor’s half day with numbered slots',
  toResource: toSchedule,
  parameters,
  example: {
    hospitalId: 1 as HospitalId,
    id: '0190b3a0-0000-7000-8000-00000000000a' as SessionId,
    origin: 'pool',
    department: { code: 'NK01', name: '心内科' },
    doctor: { code: 'D001', name: '李静' },
    clinic: '专家',
    location: '门诊楼三层',
    businessDate: businessDate('2026-11-24'),
    period: 'morning',
    startsAt: new Date('2026-11-24T00:00:00Z'),
    endsAt: new Date('2026-11-24T04:00:00Z'),
    feeFen: fen(5_050),
    status: 'open',
    releasesAt: new Date('2026-11-17T00:00:00Z'),
    total: 20,
    left: 12,
    fetchedAt: null,
    stale: false,
  },
}
