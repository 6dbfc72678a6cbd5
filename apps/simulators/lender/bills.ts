import { assert } from '../../../kernel/assert.ts'
import { addFen, type Fen, fen, subtractFen } from '../../../kernel/money.ts'
import { addDays, type BusinessDate, DAY_MS } from '../../../kernel/time.ts'
import { type Context, type LoanProduct, newNumber, today } from './context.ts'

/** What a visit comes to, or a draw by itself. */
export type Bill = {
  billNo: string
  accountNo: string
  hospCode: string
  visitNo: string | null
  transNo: string | null
  /** Drawn, after what was taken back. */
  drawnFen: Fen
  /** Of it, not repaid. */
  openFen: Fen
  interestFen: Fen
  freeUntil: BusinessDate
  dueOn: BusinessDate
}

export const owedFenOf = ({ openFen, interestFen }: Bill): Fen => addFen(openFen, interestFen)

/** The bill of a visit, or of a draw without one: made by its first draw, and due so long after its last. */
export function billFor(
  context: Context,
  about: {
    accountNo: string
    hospCode: string
    visitNo: string | null
    transNo: string
    product: LoanProduct
  },
): Bill {
  const { accountNo, hospCode, visitNo, transNo, product } = about
  const on = today(context)
  const [freeUntil, dueOn] = [addDays(on, product.freeDays), addDays(on, product.termDays)]
  const known = findBillAbout(context, accountNo, visitNo === null ? { transNo } : { visitNo })
  if (known) {
    context.store.run('update bill set free_until = ?, due_on = ? where bill_no = ?', [
      freeUntil,
      dueOn,
      known.billNo,
    ])
    return known
  }
  const billNo = newNumber(context, 'LB')
  context.store.run(
    `insert into bill (bill_no, account_no, hosp_code, visit_no, trans_no, drawn_fen, open_fen,
       free_until, due_on)
     values (?, ?, ?, ?, ?, 0, 0, ?, ?)`,
    [billNo, accountNo, hospCode, visitNo, visitNo === null ? transNo : null, freeUntil, dueOn],
  )
  return billOf(context, billNo)
}

/** Adds to what was drawn and is open; below zero for what was taken back. */
export function moveBill(
  { store }: Context,
  { billNo }: Pick<Bill, 'billNo'>,
  moved: { drawn: number; open: number },
): void {
  store.run(
    'update bill set drawn_fen = drawn_fen + ?, open_fen = open_fen + ? where bill_no = ?',
    [moved.drawn, moved.open, billNo],
  )
}

/** Takes money off a bill, its interest first. Returns how it was shared; asserts on more than is owed. */
export function payBill(
  context: Context,
  bill: Bill,
  amountFen: Fen,
): { principalFen: Fen; interestFen: Fen } {
  const interestFen = amountFen < bill.interestFen ? amountFen : bill.interestFen
  const principalFen = subtractFen(amountFen, interestFen)
  assert(principalFen <= bill.openFen, 'no more is paid than is owed')
  context.store.run(
    `update bill set open_fen = open_fen - ?, interest_paid_fen = interest_paid_fen + ?
     where bill_no = ?`,
    [principalFen, interestFen, bill.billNo],
  )
  return { principalFen, interestFen }
}

/** One day's interest on what is open: none in the free days, the rate until it is due, the penalty rate after. */
export function accrueDay(context: Context, day: BusinessDate): void {
  const rows = context.store.all<BillRow & { product_code: string }>(
    `select b.*, l.product_code from bill b join credit_line l on l.account_no = b.account_no
     where b.open_fen > 0 and b.free_until < ?`,
    [day],
  )
  for (const row of rows) {
    const product = context.products.get(row.product_code)
    assert(product, 'a line is of a product')
    const { yearlyRatePpm, penaltyPpm } = product
    const ppm = BigInt(yearlyRatePpm) * (day > row.due_on ? BigInt(penaltyPpm) : MILLION)
    const micro = (BigInt(row.open_fen) * ppm) / (MILLION * DAYS_OF_YEAR)
    context.store.run('update bill set interest_micro = interest_micro + ? where bill_no = ?', [
      Number(micro),
      row.bill_no,
    ])
  }
}

const MILLION = 1_000_000n
const DAYS_OF_YEAR = 365n

export function billOf({ store }: Context, billNo: string): Bill {
  const row = store.get<BillRow>('select * from bill where bill_no = ?', [billNo])
  assert(row, `bill ${billNo} is there`)
  return toBill(row)
}

/** The bill of a visit or of a draw; a draw in a visit is in the visit's. */
export function findBillAbout(
  { store }: Context,
  accountNo: string,
  about: { visitNo: string } | { transNo: string },
): Bill | null {
  const row =
    'visitNo' in about
      ? store.get<BillRow>('select * from bill where account_no = ? and visit_no = ?', [
          accountNo,
          about.visitNo,
        ])
      : store.get<BillRow>('select * from bill where account_no = ? and trans_no = ?', [
          accountNo,
          about.transNo,
        ])
  return row && toBill(row)
}

/** Open ones first, the earliest due before others. */
export const billsOf = ({ store }: Context, accountNo: string): Bill[] =>
  store
    .all<BillRow>(
      `select * from bill where account_no = ?
       order by (open_fen = 0 and interest_micro / 1000000 = interest_paid_fen), due_on, bill_no`,
      [accountNo],
    )
    .map(toBill)

export const owedBills = (context: Context, accountNo: string): Bill[] =>
  billsOf(context, accountNo).filter((bill) => owedFenOf(bill) > 0)

export const owedOn = (context: Context, accountNo: string): Fen =>
  addFen(...owedBills(context, accountNo).map(owedFenOf))

/** Principal alone. */
export const loanedOn = ({ store }: Context, accountNo: string): Fen =>
  fen(
    store.get<{ fen: number }>(
      'select coalesce(sum(open_fen), 0) as fen from bill where account_no = ?',
      [accountNo],
    )?.fen ?? 0,
  )

export const openAtHospital = ({ store }: Context, hospCode: string): Fen =>
  fen(
    store.get<{ fen: number }>(
      'select coalesce(sum(open_fen), 0) as fen from bill where hosp_code = ?',
      [hospCode],
    )?.fen ?? 0,
  )

export function overdueDaysOf(context: Context, accountNo: string): number {
  const days = owedBills(context, accountNo).map((bill) => overdueDaysOfBill(context, bill))
  return Math.max(0, ...days)
}

/** 0 until the day after it is due, and for one that is paid. */
export function overdueDaysOfBill(context: Context, bill: Bill): number {
  if (owedFenOf(bill) === 0) return 0
  const lateMs = Date.parse(today(context)) - Date.parse(bill.dueOn)
  return Math.max(0, Math.round(lateMs / DAY_MS))
}

/** Owed on and due by a day, of everybody. */
export const dueBills = ({ store }: Context, day: BusinessDate): Bill[] =>
  store
    .all<BillRow>(
      `select * from bill where due_on <= ?
         and (open_fen > 0 or interest_micro / 1000000 > interest_paid_fen)
       order by due_on, bill_no`,
      [day],
    )
    .map(toBill)

export const somethingIsOpen = ({ store }: Context): boolean =>
  store.get(
    `select bill_no from bill
     where open_fen > 0 or interest_micro / 1000000 > interest_paid_fen limit 1`,
  ) !== null

type BillRow = {
  bill_no: string
  account_no: string
  hosp_code: string
  visit_no: string | null
  trans_no: string | null
  drawn_fen: number
  open_fen: number
  interest_micro: number
  interest_paid_fen: number
  free_until: BusinessDate
  due_on: BusinessDate
}

const toBill = (row: BillRow): Bill => ({
  billNo: row.bill_no,
  accountNo: row.account_no,
  hospCode: row.hosp_code,
  visitNo: row.visit_no,
  transNo: row.trans_no,
  drawnFen: fen(row.drawn_fen),
  openFen: fen(row.open_fen),
  interestFen: fen(Math.floor(row.interest_micro / 1_000_000) - row.interest_paid_fen),
  freeUntil: row.free_until,
  dueOn: row.due_on,
})
