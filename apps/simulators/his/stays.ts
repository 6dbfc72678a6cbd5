import { assert } from '../../../kernel/assert.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import { pick, seededRandom } from '../../../kernel/random.ts'
import {
  addDays,
  type BusinessDate,
  businessDateOf,
  DAY_MS,
  isBusinessDate,
  toShanghaiIso,
} from '../../../kernel/time.ts'
import { isPatient, openVisit } from './bills.ts'
import { type His, nextNumber, placeOf } from './context.ts'
import { hisErrors } from './errors.ts'
import { diagnosisOf, practiceOf } from './practice.ts'
import { type Answer, done, type Named, refusal } from './protocol.ts'
import { getDepartment, getDoctor, getPerson, patientNoOf, personOf } from './registry.ts'

/** A stay as an inpatient. `leaving`: the ward has ordered the discharge, and the bill can be settled. */
export type Stay = {
  stayNo: string
  patientNo: string
  name: string
  department: Named
  doctor: Named
  bed: string
  diagnosis: Named
  admittedAt: string
  leftAt: string | null
  status: 'in_hospital' | 'leaving' | 'discharged'
  costFen: Fen
  /** Paid in and not given back. */
  depositFen: Fen
  /** What is left of it; below zero when the stay has cost more. */
  balanceFen: Fen
}

export type StayItem = {
  code: string
  nationalCode: string
  name: string
  spec: string
  unit: string
  chargeCategory: string
  unitPriceFen: Fen
  quantity: number
  amountFen: Fen
}

export type Admission = { personNo: number; departmentCode: string }

/** What the ward does. Errors: no such person or department. */
export function admit(his: His, { personNo, departmentCode }: Admission): Stay {
  const { store, registry, clock } = his
  return store.transaction(() => {
    const patientNo = patientNoOf(registry, getPerson(registry, personNo))
    const department = getDepartment(registry, departmentCode)
    const doctor = getDoctor(department, undefined)
    openVisit(his, patientNo)
    const stayNo = nextNumber(his, 'stay')
    const diagnosis = diagnosisOf(department.subjectCode, placeOf(stayNo))
    const bed = `${department.code.slice(1)}-${String((placeOf(stayNo) % 40) + 1).padStart(2, '0')}`
    const sql = `insert into stay values (?, ?, ?, ?, ?, ?, ?, ?, 'in_hospital', null)`
    const what = [stayNo, patientNo, department.code, doctor.code, bed]
    store.run(sql, ...what, diagnosis.code, diagnosis.name, clock.now().toISOString())
    return getStay(his, stayNo)
  })
}

/** The ward orders the discharge: nothing is charged from the next day on. */
export function orderDischarge(his: His, stayNo: string): Stay {
  const { status } = getStay(his, stayNo)
  if (status !== 'in_hospital') throw hisErrors.stay_not_open({ stayNo, status })
  const sql = `update stay set status = 'leaving', left_at = ? where stay_no = ?`
  his.store.run(sql, his.clock.now().toISOString(), stayNo)
  return getStay(his, stayNo)
}

/** Errors: no such stay. */
export function getStay(his: His, stayNo: string): Stay {
  const stay = findStay(his, stayNo)
  if (!stay) throw hisErrors.stay_unknown({ stayNo })
  return stay
}

export function findStay(his: His, stayNo: string): Stay | null {
  const row = his.store.get<StayRow>('select * from stay where stay_no = ?', stayNo)
  return row && viewOf(his, row)
}

/** `stays.list`: a patient's stays, the newest first. */
export function answerStays(his: His, { patientNo }: { patientNo: string }): Answer {
  const person = personOf(his.registry, patientNo)
  if (!person || !isPatient(his, person)) {
    return refusal('PATIENT_NOT_FOUND', 'no patient has this number')
  }
  return done({ stays: listStays(his, patientNo) })
}

export const listStays = (his: His, patientNo: string): Stay[] =>
  his.store
    .all<StayRow>(
      'select * from stay where patient_no = ? order by admitted_at desc, stay_no desc limit 20',
      patientNo,
    )
    .map((row) => viewOf(his, row))

/** `stays.dailyList` (一日清单): what a day of the stay cost; empty for a day outside of it. */
export function answerDailyList(
  his: His,
  { stayNo, date }: { stayNo: string; date: string },
): Answer {
  const stay = findStay(his, stayNo)
  if (!stay) return refusal('STAY_NOT_FOUND', 'no stay has this number')
  if (!isBusinessDate(date)) return refusal('INVALID_REQUEST', 'date is not a day of the calendar')
  const items = daysOf(his, stay).includes(date) ? itemsOfDay(his, stay, date) : []
  return done({ stayNo, date, items, totalFen: sumOf(items) })
}

/** Everything the stay was charged for so far, by day. */
export const chargesOf = (his: His, stay: Charged): { date: BusinessDate; items: StayItem[] }[] =>
  daysOf(his, stay).map((date) => ({ date, items: itemsOfDay(his, stay, date) }))

type Charged = Pick<Stay, 'stayNo' | 'admittedAt' | 'leftAt' | 'department'>

/** From the day of admission to that of leaving, or to today; nobody stays for more than 60. */
function daysOf({ clock }: His, { admittedAt, leftAt }: Charged): BusinessDate[] {
  const first = businessDateOf(new Date(admittedAt))
  const last = businessDateOf(leftAt === null ? clock.now() : new Date(leftAt))
  const count = Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1
  return Array.from({ length: Math.min(MOST_DAYS, count) }, (_, i) => addDays(first, i))
}

const MOST_DAYS = 60

/** An infusion, and three things the department usually orders: the same for the same day of a stay. */
function itemsOfDay({ registry }: His, { stayNo, department }: Charged, date: BusinessDate) {
  const random = seededRandom(`${stayNo}/${date}`)
  const { subjectCode } = getDepartment(registry, department.code)
  const usual = practiceOf(subjectCode).items
  const drawn = [1, 2, 3].map(() => pick(random, usual))
  const names = new Set(['静脉输液', '一次性使用输液器', '换药（中）', ...drawn])
  return [...names].map((name): StayItem => {
    const item = registry.itemByName.get(name)
    assert(item, `"${name}" is on the price list`)
    const { code, nationalCode, spec, unit, chargeCategory, priceFen } = item
    const quantity = chargeCategory === '05' ? 2 : 1
    const amountFen = fen(priceFen * quantity)
    const what = { code, nationalCode, name, spec, unit, chargeCategory }
    return { ...what, unitPriceFen: priceFen, quantity, amountFen }
  })
}

function viewOf(his: His, row: StayRow): Stay {
  const { registry } = his
  const department = getDepartment(registry, row.department_code)
  const doctor = getDoctor(department, row.doctor_code)
  const stay = {
    stayNo: row.stay_no,
    patientNo: row.patient_no,
    name: personOf(registry, row.patient_no)?.name ?? '',
    department: { code: department.code, name: department.name },
    doctor: { code: doctor.code, name: doctor.name },
    bed: row.bed,
    diagnosis: { code: row.diagnosis_code, name: row.diagnosis_name },
    admittedAt: toShanghaiIso(new Date(row.admitted_at)),
    leftAt: row.left_at === null ? null : toShanghaiIso(new Date(row.left_at)),
    status: row.status,
  }
  const costFen = fen(chargesOf(his, stay).reduce((sum, day) => sum + sumOf(day.items), 0))
  const depositFen = depositsOf(his, row.stay_no)
  return { ...stay, costFen, depositFen, balanceFen: balanceOf(his, row, { costFen, depositFen }) }
}

/** After the discharge, what of the deposits the settlement did not use. */
function balanceOf(
  { store }: His,
  { stay_no, status }: StayRow,
  { costFen, depositFen }: { costFen: Fen; depositFen: Fen },
): Fen {
  if (status !== 'discharged') return fen(depositFen - costFen)
  const sql = `select deposit_used_fen from stay_receipt where stay_no = ? and kind = 'settlement'`
  const used = store.get<{ deposit_used_fen: number }>(sql, stay_no)?.deposit_used_fen ?? 0
  return fen(depositFen - used)
}

const depositsOf = ({ store }: His, stayNo: string): Fen =>
  fen(
    store.get<{ sum_fen: number | null }>(
      `select sum(case kind when 'deposit' then amount_fen else -amount_fen end) as sum_fen
      from stay_receipt where stay_no = ? and kind <> 'settlement'`,
      stayNo,
    )?.sum_fen ?? 0,
  )

const sumOf = (items: readonly StayItem[]): Fen =>
  fen(items.reduce((sum, item) => sum + item.amountFen, 0))

type StayRow = {
  stay_no: string
  patient_no: string
  department_code: string
  doctor_code: string
  bed: string
  diagnosis_code: string
  diagnosis_name: string
  admitted_at: string
  status: Stay['status']
  left_at: string | null
}
