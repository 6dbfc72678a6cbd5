import { type Fen, fen } from '../../../kernel/money.ts'
import type { SandboxValue } from '../kit/sandbox-values.ts'
import type { WorldPerson } from '../world/index.ts'
import { assertLinesFree, findBill, getBill, listBills, viewOf } from './bill-rows.ts'
import { type His, nextNumber, placeOf } from './context.ts'
import { hisErrors } from './errors.ts'
import { diagnosisOf } from './practice.ts'
import {
  type Answer,
  type Bill,
  type BillKind,
  done,
  MAX_ITEMS,
  MAX_OPEN_BILLS,
  refusal,
  type ResolvePatient,
} from './protocol.ts'
import {
  cardNoOf,
  consultationOf,
  deskCardNoOf,
  getDepartment,
  getDoctor,
  getItem,
  getPerson,
  patientNoOf,
  personOf,
} from './registry.ts'

export type BillOrder = {
  personNo: number
  departmentCode: string
  /** The department's first doctor where left out. */
  doctorCode?: string
  /** A visit of the same person; a new one where left out. */
  visitNo?: string
  kind: BillKind
  /** May be empty for a registration, which then costs the doctor's fee. */
  items: readonly ItemOrder[]
  /** Of a sandbox: what is to go wrong with the bill. It ends the bill's number and its doctor's code. */
  sandboxValue?: SandboxValue
}

export type ItemOrder = { code: string; quantity: number }

/** Errors: the person, department, doctor, visit or an item is unknown; a quantity is not one. */
export function createBill(his: His, order: BillOrder): Bill {
  const { store, registry } = his
  return store.transaction(() => {
    const patientNo = patientNoOf(registry, getPerson(registry, order.personNo))
    const department = getDepartment(registry, order.departmentCode)
    const doctor = getDoctor(department, order.doctorCode)
    const items = order.items.length > 0 || order.kind === 'outpatient' ? order.items : [fee()]
    if (items.length === 0) throw hisErrors.items_missing()

    const ending = order.sandboxValue === undefined ? '' : `-${order.sandboxValue}`
    const visitNo = order.visitNo ?? openVisit(his, patientNo)
    assertVisitOf(his, visitNo, patientNo)
    const billNo = nextNumber(his, 'bill') + ending
    const diagnosis = diagnosisOf(department.subjectCode, placeOf(visitNo))
    const sql = `insert into bill values
      (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', null, null)`
    const row = [billNo, order.kind, visitNo, patientNo]
    const who = [department.code, department.name, doctor.code + ending, doctor.name]
    const what = [diagnosis.code, diagnosis.name, his.clock.now().toISOString()]
    store.run(sql, ...row, ...who, ...what, totalOf(his, items))
    for (const item of items) insertItem(his, billNo, item)
    return viewOf(getBill(his, billNo))

    function fee(): ItemOrder {
      return { code: consultationOf(registry, doctor).code, quantity: 1 }
    }
  })
}

/** Adds a line to an open bill, which so becomes another version. */
export function addItem(his: His, billNo: string, item: ItemOrder): Bill {
  return his.store.transaction(() => {
    assertOpen(getBill(his, billNo))
    insertItem(his, billNo, item)
    const sql = `update bill set version = version + 1,
      total_fen = (select sum(amount_fen) from item where item.bill_no = bill.bill_no)
      where bill_no = ?`
    his.store.run(sql, billNo)
    return viewOf(getBill(his, billNo))
  })
}

export function voidBill(his: His, billNo: string): Bill {
  return his.store.transaction(() => {
    assertOpen(getBill(his, billNo))
    his.store.run(`update bill set status = 'void' where bill_no = ?`, billNo)
    return viewOf(getBill(his, billNo))
  })
}

/** Hands out lines of a paid bill, or does what they stand for: they cannot be refunded then. */
export function dispense(his: His, billNo: string, lineNos: readonly number[]): Bill {
  return his.store.transaction(() => {
    assertLinesFree(getBill(his, billNo), lineNos)
    const sql = `update item set status = 'dispensed' where bill_no = ? and line_no = ?`
    for (const lineNo of lineNos) his.store.run(sql, billNo, lineNo)
    return viewOf(getBill(his, billNo))
  })
}

/** The operation `patients.resolve`: who has a card here, or has been here. */
export function resolvePatient(his: His, { idCardNo, name }: ResolvePatient): Answer {
  const { registry } = his
  const person = registry.personByIdCardNo.get(idCardNo)
  if (person?.name !== name || !isPatient(his, person)) {
    return refusal('PATIENT_NOT_FOUND', 'no patient has this identity number and name')
  }
  const cardNo = cardNoOf(registry, person) ?? deskCardNoOf(registry, person)
  return done({ patientNo: patientNoOf(registry, person), name, cardNo })
}

/** The operation `bills.list`. */
export function listOpenBills(his: His, { patientNo }: { patientNo: string }): Answer {
  const person = personOf(his.registry, patientNo)
  if (!person || !isPatient(his, person)) {
    return refusal('PATIENT_NOT_FOUND', 'no patient has this number')
  }
  const bills = listBills(his, { personNo: person.no, status: 'open', limit: MAX_OPEN_BILLS })
  return done({ bills })
}

/** The operation `bills.get`. */
export function answerBill(his: His, { billNo }: { billNo: string }): Answer {
  const bill = findBill(his, billNo)
  if (!bill) return refusal('BILL_NOT_FOUND', 'no bill has this number')
  return done({ bill: viewOf(bill) })
}

/** Who has a card, a file or a visit here. */
export function isPatient({ store, registry }: His, person: WorldPerson): boolean {
  if (cardNoOf(registry, person) !== null) return true
  const patientNo = patientNoOf(registry, person)
  const sql = `select 1 from visit where patient_no = ?
    union all select 1 from patient_file where patient_no = ? limit 1`
  return store.get(sql, patientNo, patientNo) !== null
}

export function openVisit(his: His, patientNo: string): string {
  const visitNo = nextNumber(his, 'visit')
  const opened = his.clock.now().toISOString()
  his.store.run('insert into visit values (?, ?, ?)', visitNo, patientNo, opened)
  return visitNo
}

function assertVisitOf({ store }: His, visitNo: string, patientNo: string): void {
  const sql = 'select 1 from visit where visit_no = ? and patient_no = ?'
  if (!store.get(sql, visitNo, patientNo)) throw hisErrors.visit_unknown({ visitNo })
}

function totalOf({ registry }: His, items: readonly ItemOrder[]): Fen {
  return fen(
    items.reduce((sum, { code, quantity }) => {
      return sum + getItem(registry, code).priceFen * assertQuantity(quantity)
    }, 0),
  )
}

function insertItem({ store, registry }: His, billNo: string, { code, quantity }: ItemOrder) {
  const item = getItem(registry, code)
  const amountFen = fen(item.priceFen * assertQuantity(quantity))
  const last = store.get<{ line_no: number | null }>(
    'select max(line_no) as line_no from item where bill_no = ?',
    billNo,
  )
  const lineNo = (last?.line_no ?? 0) + 1
  if (lineNo > MAX_ITEMS) throw hisErrors.items_too_many({ billNo, limit: MAX_ITEMS })
  const sql = `insert into item values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'charged', null)`
  const what = [item.code, item.nationalCode, item.name, item.spec, item.unit]
  const category = [item.chargeCategory, item.insuranceClass]
  store.run(sql, billNo, lineNo, ...what, ...category, item.priceFen, quantity, amountFen)
}

function assertQuantity(quantity: number): number {
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > MAX_QUANTITY) {
    throw hisErrors.quantity_invalid({ quantity, limit: MAX_QUANTITY })
  }
  return quantity
}

function assertOpen({ billNo, status }: Bill): void {
  if (status !== 'open') throw hisErrors.bill_not_open({ billNo, status })
}

const MAX_QUANTITY = 1_000
