import { fen } from '../../../kernel/money.ts'
import { toShanghaiIso } from '../../../kernel/time.ts'
import type { His } from './context.ts'
import { hisErrors } from './errors.ts'
import type { Bill, BillItem, BillKind, BillStatus } from './protocol.ts'
import { getPerson, patientNoOf } from './registry.ts'
import type { Value } from './store.ts'

export type BillFilter = {
  personNo?: number
  visitNo?: string
  status?: BillStatus
  /** Oldest first unless told otherwise. */
  newestFirst?: boolean
  limit?: number
}

/** A bill with what only the HIS knows: which refund holds which line. */
export type KnownBill = Bill & { lockedBy: ReadonlyMap<number, string> }

export function findBill({ store }: His, billNo: string): KnownBill | null {
  const row = store.get<BillRow>('select * from bill where bill_no = ?', billNo)
  if (!row) return null
  const sql = 'select * from item where bill_no = ? order by line_no'
  const items = store.all<ItemRow>(sql, billNo)
  const lockedBy = new Map<number, string>()
  for (const item of items) if (item.locked_by !== null) lockedBy.set(item.line_no, item.locked_by)
  return { ...toBill(row, items), lockedBy }
}

/** Errors: the bill is unknown. */
export function getBill(his: His, billNo: string): KnownBill {
  const bill = findBill(his, billNo)
  if (!bill) throw hisErrors.bill_unknown({ billNo })
  return bill
}

/** The bill as the protocol shows it. */
export function viewOf(known: KnownBill): Bill {
  const { lockedBy: _, ...bill } = known
  return bill
}

export function listBills(his: His, filter: BillFilter): Bill[] {
  const { store, registry } = his
  const { personNo, visitNo, status, newestFirst = false, limit = -1 } = filter
  const patientNo =
    personNo === undefined ? undefined : patientNoOf(registry, getPerson(registry, personNo))
  const wanted = Object.entries({ patient_no: patientNo, visit_no: visitNo, status }).flatMap(
    ([column, value]): [string, Value][] => (value === undefined ? [] : [[column, value]]),
  )
  const where = wanted.map(([column]) => `and ${column} = ?`).join(' ')
  const order = newestFirst ? 'desc' : 'asc'
  const sql = `select bill_no from bill where true ${where}
    order by created_at ${order}, bill_no ${order} limit ?`
  return store
    .all<{ bill_no: string }>(sql, ...wanted.map(([, value]) => value), limit)
    .map((row) => viewOf(getBill(his, row.bill_no)))
}

export const isPaid = ({ status }: Bill): boolean =>
  status === 'paid' || status === 'part_refunded' || status === 'refunded'

/** Throws unless the bill is paid and each line is charged, and held by no refund. */
export function assertLinesFree(bill: KnownBill, lineNos: readonly number[]): void {
  const { billNo, status } = bill
  if (!isPaid(bill)) throw hisErrors.bill_not_paid({ billNo, status })
  if (lineNos.length === 0) throw hisErrors.items_missing({ billNo })
  for (const lineNo of lineNos) {
    const line = bill.items.find((item) => item.lineNo === lineNo)
    if (!line) throw hisErrors.line_unknown({ billNo, lineNo })
    if (line.status !== 'charged') {
      throw hisErrors.line_not_charged({ billNo, lineNo, status: line.status })
    }
    const refundNo = bill.lockedBy.get(lineNo)
    if (refundNo !== undefined) throw hisErrors.line_locked({ billNo, lineNo, refundNo })
  }
}

const toBill = (row: BillRow, items: ItemRow[]): Bill => ({
  billNo: row.bill_no,
  version: row.version,
  kind: row.kind,
  visitNo: row.visit_no,
  patientNo: row.patient_no,
  department: { code: row.department_code, name: row.department_name },
  doctor: { code: row.doctor_code, name: row.doctor_name },
  diagnosis: { code: row.diagnosis_code, name: row.diagnosis_name },
  createdAt: toShanghaiIso(new Date(row.created_at)),
  totalFen: fen(row.total_fen),
  status: row.status,
  paymentNo: row.payment_no,
  receiptNo: row.receipt_no,
  items: items.map(toItem),
})

const toItem = (row: ItemRow): BillItem => ({
  lineNo: row.line_no,
  code: row.code,
  nationalCode: row.national_code,
  name: row.name,
  spec: row.spec,
  unit: row.unit,
  chargeCategory: row.charge_category,
  insuranceClass: row.insurance_class,
  unitPriceFen: fen(row.unit_price_fen),
  quantity: row.quantity,
  amountFen: fen(row.amount_fen),
  status: row.status,
})

type BillRow = {
  bill_no: string
  version: number
  kind: BillKind
  visit_no: string
  patient_no: string
  department_code: string
  department_name: string
  doctor_code: string
  doctor_name: string
  diagnosis_code: string
  diagnosis_name: string
  created_at: string
  total_fen: number
  status: BillStatus
  payment_no: string | null
  receipt_no: string | null
}

type ItemRow = {
  line_no: number
  code: string
  national_code: string
  name: string
  spec: string
  unit: string
  charge_category: string
  insurance_class: BillItem['insuranceClass']
  unit_price_fen: number
  quantity: number
  amount_fen: number
  status: BillItem['status']
  locked_by: string | null
}
