import { businessDateOf, toShanghaiIso } from '../../../../../../kernel/time.ts'
import type { WorldDepartment } from '../../../../world/index.ts'
import {
  type Clinic,
  findClinic,
  listClinics,
  type Slot,
  slotsOf,
  viewClinic,
} from '../../../clinics.ts'
import type { His } from '../../../context.ts'
import {
  getRegistration,
  listRegistrations,
  type Registration,
  type RegistrationStatus,
} from '../../../registrations.ts'
import { FhirProblem } from './query.ts'
import type { ResourceType } from './resource-type.ts'
import { concept, extension, identifier, money, reference, type Resource, urn } from './resource.ts'

// Departments, doctors, when they sit, and who has a place with them.

const departmentsOf = ({ registry }: His): WorldDepartment[] => registry.hospital.departments

const organization = (department: WorldDepartment, his: His): Resource => ({
  resourceType: 'Organization',
  id: department.code,
  identifier: [identifier('department', department.code)],
  active: true,
  type: [concept(urn('subject'), { code: department.subjectCode, name: department.name })],
  name: department.name,
  partOf: { display: his.registry.hospital.name },
})

const location = (department: WorldDepartment): Resource => ({
  resourceType: 'Location',
  id: department.code,
  status: 'active',
  name: department.location,
  managingOrganization: reference('Organization', department.code, department.name),
})

type Placed = { department: WorldDepartment; doctor: WorldDepartment['doctors'][number] }

const doctorsOf = (his: His): Placed[] =>
  departmentsOf(his).flatMap((department) =>
    department.doctors.map((doctor) => ({ department, doctor })),
  )

const practitioner = ({ doctor }: Placed): Resource => ({
  resourceType: 'Practitioner',
  id: doctor.code,
  identifier: [identifier('doctor', doctor.code)],
  active: true,
  name: [{ use: 'official', text: doctor.name }],
  qualification: [{ code: { text: doctor.title } }],
})

const role = ({ department, doctor }: Placed): Resource => ({
  resourceType: 'PractitionerRole',
  id: doctor.code,
  active: true,
  practitioner: reference('Practitioner', doctor.code, doctor.name),
  organization: reference('Organization', department.code, department.name),
  code: [{ text: doctor.title }],
  extension: [extension('consultation-fee', { valueMoney: money(doctor.registrationFeeFen) })],
})

function schedule(his: His, clinic: Clinic): Resource {
  const { left, stopped } = viewClinic(his, clinic)
  const { doctor, department } = clinic
  return {
    resourceType: 'Schedule',
    id: clinic.clinicNo,
    active: !stopped,
    serviceType: [{ text: clinic.halfDay }],
    specialty: [concept(urn('subject'), { code: department.subjectCode, name: department.name })],
    actor: [
      reference('Practitioner', doctor.code, doctor.name),
      reference('Location', department.code, department.location),
    ],
    planningHorizon: { start: toShanghaiIso(clinic.startAt), end: toShanghaiIso(clinic.endAt) },
    extension: [
      extension('consultation-fee', { valueMoney: money(clinic.feeFen) }),
      extension('slots-total', { valueInteger: clinic.total }),
      extension('slots-left', { valueInteger: left }),
    ],
  }
}

const slot = (
  clinic: Clinic,
  { number, startAt, endAt, state }: Slot,
  stopped: boolean,
): Resource => ({
  resourceType: 'Slot',
  id: `${clinic.clinicNo}-${number}`,
  schedule: reference('Schedule', clinic.clinicNo),
  status: stopped ? 'busy-unavailable' : SLOT_STATUSES[state],
  start: toShanghaiIso(startAt),
  end: toShanghaiIso(endAt),
  comment: String(number),
})

const SLOT_STATUSES: Record<Slot['state'], string> = {
  free: 'free',
  locked: 'busy-tentative',
  taken: 'busy',
  past: 'busy-unavailable',
}

function slotsOfSchedule(his: His, clinicNo: string): Resource[] {
  const clinic = findClinic(his, clinicNo)
  if (!clinic) return []
  const { stopped } = viewClinic(his, clinic)
  return slotsOf(his, clinic).map((each) => slot(clinic, each, stopped))
}

const appointment = (place: Registration): Resource => ({
  resourceType: 'Appointment',
  id: place.registrationNo,
  identifier: [
    identifier('registration', place.registrationNo),
    identifier('order', place.orderNo),
  ],
  status: APPOINTMENT_STATUSES[place.status],
  slot: [reference('Slot', `${place.clinicNo}-${place.number}`)],
  start: place.startAt,
  end: place.endAt,
  participant: [
    { actor: reference('Patient', place.patientNo), status: 'accepted' },
    { actor: reference('Practitioner', place.doctor.code, place.doctor.name), status: 'accepted' },
    { actor: reference('Location', place.department.code, place.location), status: 'accepted' },
  ],
  extension: [
    extension('visit', { valueReference: reference('Encounter', place.visitNo) }),
    ...(place.billNo === null
      ? []
      : [extension('bill', { valueReference: reference('Invoice', place.billNo) })]),
    ...(place.queueNo === null ? [] : [extension('queue-number', { valueInteger: place.queueNo })]),
  ],
})

/** A place that is not paid yet is tentative. */
const APPOINTMENT_STATUSES: Record<RegistrationStatus, string> = {
  booked: 'pending',
  confirmed: 'booked',
  checked_in: 'checked-in',
  seen: 'fulfilled',
  missed: 'noshow',
  cancelled: 'cancelled',
  lapsed: 'cancelled',
}

export const directoryTypes: Record<string, ResourceType> = {
  Organization: {
    params: {},
    all: (his) => departmentsOf(his).map((each) => organization(each, his)),
  },
  Location: { params: {}, all: (his) => departmentsOf(his).map(location) },
  Practitioner: { params: {}, all: (his) => doctorsOf(his).map(practitioner) },
  PractitionerRole: {
    params: { organization: 'reference' },
    all(his, query) {
      const code = query.id('organization', 'Organization')
      const asked = doctorsOf(his).filter(
        ({ department }) => code === null || department.code === code,
      )
      return asked.map(role)
    },
  },
  Schedule: {
    params: { date: 'date', actor: 'reference' },
    all(his, query) {
      const { from, to } = query.days('date')
      const actor = query.text('actor') ?? ''
      const [type, code = ''] = actor.split('/')
      if (actor !== '' && type !== 'Location' && type !== 'Practitioner') {
        throw new FhirProblem(400, 'invalid', 'actor is a Location or a Practitioner')
      }
      const clinics = listClinics(his, {
        ...(type === 'Location' && { departmentCode: code }),
        ...(type === 'Practitioner' && { doctorCode: code }),
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
      })
      return clinics.map((clinic) => schedule(his, clinic))
    },
    read(his, id) {
      const clinic = findClinic(his, id)
      return clinic && schedule(his, clinic)
    },
  },
  Slot: {
    params: { schedule: 'reference', status: 'token' },
    oneOf: ['schedule'],
    all(his, query) {
      const status = query.token('status')
      const slots = slotsOfSchedule(his, query.id('schedule', 'Schedule') ?? '')
      return slots.filter((each) => status === null || each['status'] === status)
    },
    read: (his, id) =>
      slotsOfSchedule(his, id.slice(0, id.lastIndexOf('-'))).find((each) => each.id === id) ?? null,
  },
  Appointment: {
    params: { patient: 'reference', identifier: 'token', date: 'date', status: 'token' },
    oneOf: ['patient', 'identifier'],
    all(his, query) {
      const number = query.token('identifier')
      const found = number === null ? null : getRegistration(his, number)
      const patientNo = query.id('patient', 'Patient')
      const places =
        number === null ? listRegistrations(his, patientNo ?? '') : found === null ? [] : [found]
      const { from, to } = query.days('date')
      const status = query.token('status')
      return places
        .filter(({ date }) => (from ?? date) <= date && date <= (to ?? date))
        .map(appointment)
        .filter((each) => status === null || each['status'] === status)
    },
    read(his, id) {
      const place = getRegistration(his, id)
      return place?.registrationNo === id ? appointment(place) : null
    },
  },
}

/** A day of Shanghai that an instant is of. */
export const dayOfInstant = (instant: string): string => businessDateOf(new Date(instant))
