import { assert } from '../../../kernel/assert.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import { chance, seededRandom } from '../../../kernel/random.ts'
import {
  addDays,
  addMs,
  type BusinessDate,
  businessDateOf,
  instantAt,
  isBusinessDate,
  MINUTE_MS,
} from '../../../kernel/time.ts'
import type { WorldDepartment } from '../world/index.ts'
import type { His } from './context.ts'
import { hisErrors } from './errors.ts'
import { type Doctor, hospitalDigits } from './registry.ts'

/** A doctor's half-day (出诊): numbered slots of the same length, one person each. */
export type Clinic = {
  clinicNo: string
  date: BusinessDate
  halfDay: HalfDay
  department: WorldDepartment
  doctor: Doctor
  feeFen: Fen
  startAt: Date
  endAt: Date
  total: number
}

export type HalfDay = 'morning' | 'afternoon' | 'evening'

/** `past`: its time has come; nobody gets it any more. */
export type Slot = { number: number; startAt: Date; endAt: Date; state: SlotState }
export type SlotState = 'free' | 'locked' | 'taken' | 'past'

export type ClinicView = Clinic & { left: number; stopped: boolean }

/** Clinics are open for booking from today on, so many days. */
const HORIZON_DAYS = 8
export const SLOT_MINUTES = 12

/** The clinics of the horizon, by day, department, doctor and half-day. Always the same for the same day. */
export function listClinics(his: His, filter: ClinicFilter): Clinic[] {
  const { hospital } = his.registry
  const departments = hospital.departments.filter(
    ({ code }) => filter.departmentCode === undefined || code === filter.departmentCode,
  )
  return horizonOf(his)
    .filter((date) => (filter.from ?? date) <= date && date <= (filter.to ?? date))
    .flatMap((date) =>
      departments.flatMap((department) =>
        department.doctors
          .filter(({ code }) => filter.doctorCode === undefined || code === filter.doctorCode)
          .flatMap((doctor) => clinicsOf(his, { department, doctor, date })),
      ),
    )
}

export type ClinicFilter = {
  departmentCode?: string
  doctorCode?: string
  /** Both days inclusive. */
  from?: string
  to?: string
}

/** One within the horizon, or one of a day gone by that somebody has a place at. */
export function findClinic(his: His, clinicNo: string): Clinic | null {
  const match = /^PB(\d{2})(\d{4})(\d{2})(\d{2})(\d{5})([123])$/.exec(clinicNo)
  if (!match || match[1] !== hospitalDigits(his.registry.hospital)) return null
  const date = `${match[2]}-${match[3]}-${match[4]}`
  if (!isBusinessDate(date) || date > addDays(today(his), HORIZON_DAYS - 1)) return null
  for (const department of his.registry.hospital.departments) {
    const doctor = department.doctors.find(({ code }) => code === match[5])
    const clinics = doctor ? clinicsOf(his, { department, doctor, date }) : []
    const found = clinics.find((clinic) => clinic.clinicNo === clinicNo)
    if (found) return found
  }
  return null
}

export function viewClinic(his: His, clinic: Clinic): ClinicView {
  const stopped = isStopped(his, clinic)
  const left = stopped ? 0 : slotsOf(his, clinic).filter(({ state }) => state === 'free').length
  return { ...clinic, left, stopped }
}

export function slotsOf(his: His, clinic: Clinic): Slot[] {
  const numbers = (sql: string) =>
    new Set(his.store.all<{ number: number }>(sql, clinic.clinicNo).map((row) => row.number))
  const taken = numbers(`select number from registration
    where clinic_no = ? and status in ('active', 'seen', 'missed')`)
  const locked = numbers(`select number from slot_lock where clinic_no = ? and status = 'held'`)
  const others = takenByOthers(clinic)
  const now = his.clock.now()
  return Array.from({ length: clinic.total }, (_, i) => {
    const number = i + 1
    const startAt = turnAt(clinic, number)
    const state: SlotState = startAt <= now ? 'past' : locked.has(number) ? 'locked' : 'free'
    const isTaken = taken.has(number) || others.has(number)
    const endAt = addMs(startAt, SLOT_MINUTES * MINUTE_MS)
    return { number, startAt, endAt, state: isTaken ? 'taken' : state }
  })
}

/** When the person with this number is called. */
export const turnAt = ({ startAt }: Clinic, number: number): Date =>
  addMs(startAt, (number - 1) * SLOT_MINUTES * MINUTE_MS)

export const isStopped = ({ store }: His, { clinicNo }: Clinic): boolean =>
  store.get('select 1 from clinic_stop where clinic_no = ?', clinicNo) !== null

/** What the hospital's staff does when a doctor cannot come. Errors: no such clinic. */
export function stopClinic(his: His, clinicNo: string, reason: string): void {
  if (!findClinic(his, clinicNo)) throw hisErrors.clinic_unknown({ clinicNo })
  const sql = 'insert or ignore into clinic_stop values (?, ?, ?)'
  his.store.run(sql, clinicNo, reason, his.clock.now().toISOString())
}

const today = ({ clock }: His): BusinessDate => businessDateOf(clock.now())

const horizonOf = (his: His): BusinessDate[] =>
  Array.from({ length: HORIZON_DAYS }, (_, days) => addDays(today(his), days))

function clinicsOf(
  { registry }: His,
  { department, doctor, date }: { department: WorldDepartment; doctor: Doctor; date: BusinessDate },
): Clinic[] {
  const place = department.doctors.indexOf(doctor)
  return HALF_DAYS.filter((half) => sits(doctor, place, date, half.name)).map((half) => {
    const day = date.replaceAll('-', '')
    const startAt = instantAt(date, half.start)
    return {
      clinicNo: `PB${hospitalDigits(registry.hospital)}${day}${doctor.code}${half.digit}`,
      date,
      halfDay: half.name,
      department,
      doctor,
      feeFen: fen(doctor.registrationFeeFen),
      startAt,
      endAt: addMs(startAt, half.total * SLOT_MINUTES * MINUTE_MS),
      total: half.total,
    }
  })
}

const HALF_DAYS: readonly { name: HalfDay; digit: number; start: string; total: number }[] = [
  { name: 'morning', digit: 1, start: '08:00:00', total: 20 },
  { name: 'afternoon', digit: 2, start: '14:00:00', total: 15 },
  { name: 'evening', digit: 3, start: '18:00:00', total: 8 },
]

/** The first of a department sits every morning but Sunday's; the others as it is drawn for the day. */
function sits({ code }: Doctor, place: number, date: BusinessDate, half: HalfDay): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
  if (weekday === 0) return place === 1 && half === 'morning'
  if (place === 0 && half === 'morning') return true
  const sixInTen = 600_000
  const oneInTen = 100_000
  const often = half === 'evening' || weekday === 6 ? oneInTen : sixInTen
  return chance(seededRandom(`${code}/${date}/${half}`), often)
}

/** One slot in four is gone over other ways: the window, the telephone, the doctor's own patients. */
function takenByOthers({ clinicNo, total }: Clinic): ReadonlySet<number> {
  const random = seededRandom(`${clinicNo}/others`)
  const numbers = Array.from({ length: total }, (_, i) => i + 1)
  const taken = new Set(numbers.filter(() => chance(random, 250_000)))
  assert(taken.size <= total, 'no more slots are taken than there are')
  return taken
}
