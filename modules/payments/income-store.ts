import type { HospitalId } from '../../kernel/id.ts'
import { addFen, type Fen, ZERO } from '../../kernel/money.ts'
import type { Tx } from '../../platform/db.ts'
import type { PayableLine } from './bill-desk.ts'
import type { PaymentId } from './payment.ts'
import type { RefundId } from './refund/refund.ts'
import type { PaymentTables } from './tables.ts'

/** What of an entry's income was for what was charged of one category by one department. */
export type IncomePart = { category: string; department: string | null; weightFen: Fen }

/**
 * What the income of entries was for: of a payment all lines of its bills, of a refund the lines that went back. Null for
 * an entry that is about neither, or whose lines are not there.
 */
export async function incomeOf(
  tx: Tx,
  hospitalId: HospitalId,
  entries: readonly { subject: string; cause: string }[],
): Promise<(IncomePart[] | null)[]> {
  const abouts = entries.map(({ subject, cause }) => ({
    paymentId: (/^payment:(.+)$/.exec(subject)?.[1] ?? null) as PaymentId | null,
    refundId: (/^refund:(.+):begun$/.exec(cause)?.[1] ?? null) as RefundId | null,
  }))
  const bills = new Map<PaymentId, Bill[]>()
  for (const bill of await billsOf(
    tx,
    hospitalId,
    present(abouts.map((about) => about.paymentId)),
  )) {
    bills.set(bill.payment_id, [...(bills.get(bill.payment_id) ?? []), bill])
  }
  const asked = await refundsOf(tx, hospitalId, present(abouts.map((about) => about.refundId)))
  const refunds = new Map(asked.map((refund) => [refund.id, refund]))
  return abouts.map(({ paymentId, refundId }) => {
    const refund = refundId && refunds.get(refundId)
    if (!paymentId || (refundId && !refund)) return null
    const lines = (bills.get(paymentId) ?? [])
      .filter(({ bill_no: no }) => !refund?.bill_no || refund.bill_no === no)
      .flatMap(({ payable }) =>
        payable.lines.map((line) => ({ ...line, department: payable.department.code })),
      )
      .filter(
        ({ lineNo }) => !refund || refund.line_nos.length === 0 || refund.line_nos.includes(lineNo),
      )
    return partsOf(lines)
  })
}

type Bill = Awaited<ReturnType<typeof billsOf>>[number]

const present = <T>(list: readonly (T | null)[]): T[] => [
  ...new Set(list.filter((one): one is T => one !== null)),
]

function partsOf(lines: readonly (PayableLine & { department: string })[]): IncomePart[] | null {
  const parts = new Map<string, IncomePart>()
  for (const { chargeCategory: category, department, amountFen } of lines) {
    const key = `${category} ${department}`
    const before = parts.get(key)?.weightFen ?? ZERO
    parts.set(key, { category, department, weightFen: addFen(before, amountFen) })
  }
  return parts.size === 0 ? null : [...parts.values()]
}

const billsOf = async (tx: Tx, hospitalId: HospitalId, ids: readonly PaymentId[]) =>
  ids.length === 0
    ? []
    : tx
        .withTables<PaymentTables>()
        .selectFrom('payments.payment_bill')
        .select(['payment_id', 'bill_no', 'payable'])
        .where('hospital_id', '=', hospitalId)
        .where('payment_id', 'in', ids)
        .orderBy('bill_no')
        .execute()

const refundsOf = async (tx: Tx, hospitalId: HospitalId, ids: readonly RefundId[]) =>
  ids.length === 0
    ? []
    : tx
        .withTables<PaymentTables>()
        .selectFrom('payments.refund')
        .select(['id', 'bill_no', 'line_nos'])
        .where('hospital_id', '=', hospitalId)
        .where('id', 'in', ids)
        .execute()
