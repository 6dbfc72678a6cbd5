import type { His } from './context.ts'

/**
 * Holds the HIS's own books against each other: bills, lines, refunds, receipts and their tenders.
 *
 * Shape: one sentence for each thing that does not agree, and none when the books are right.
 */
export const checkBooks = ({ store }: His): string[] =>
  CHECKS.flatMap(({ finding, sql }) =>
    store.all<{ what: string }>(sql).map(({ what }) => `${finding}: ${what}`),
  )

const PAID = `('paid', 'part_refunded', 'refunded')`

const CHECKS: { finding: string; sql: string }[] = [
  {
    finding: 'a line is not price times quantity',
    sql: `select bill_no || '/' || line_no as what from item
      where amount_fen <> unit_price_fen * quantity`,
  },
  {
    finding: 'a bill is not the sum of its lines',
    sql: `select bill_no as what from bill where total_fen is not
      (select sum(amount_fen) from item where item.bill_no = bill.bill_no)`,
  },
  {
    finding: 'a paid bill has not its one receipt over the whole of it',
    sql: `select bill_no as what from bill where status in ${PAID} and 1 <>
      (select count(*) from receipt r where r.bill_no = bill.bill_no and r.kind = 'payment'
        and r.taken_back_at is null and r.receipt_no = bill.receipt_no
        and r.payment_no = bill.payment_no and r.amount_fen = bill.total_fen)`,
  },
  {
    finding: 'a bill has two receipts, or one and is not paid',
    sql: `select bill_no as what from bill where (status in ${PAID}) <>
      (select count(*) from receipt r where r.bill_no = bill.bill_no and r.kind = 'payment'
        and r.taken_back_at is null)`,
  },
  {
    finding: 'a bill that is not paid names a payment or has lines handled',
    sql: `select bill_no as what from bill where status not in ${PAID}
      and (payment_no is not null or receipt_no is not null or exists
        (select 1 from item where item.bill_no = bill.bill_no
          and (item.status <> 'charged' or locked_by is not null)))`,
  },
  {
    finding: 'the refunded lines are not what the red receipts say',
    sql: `select bill_no as what from bill where
      (select coalesce(sum(amount_fen), 0) from item
        where item.bill_no = bill.bill_no and item.status = 'refunded') <>
      (select coalesce(sum(amount_fen), 0) from receipt r
        where r.bill_no = bill.bill_no and r.kind = 'refund')`,
  },
  {
    finding: 'the status of a bill is not that of its lines',
    sql: `select bill_no as what from bill where status in ${PAID} and status <>
      (select case sum(item.status = 'refunded') when 0 then 'paid'
        when count(*) then 'refunded' else 'part_refunded' end
        from item where item.bill_no = bill.bill_no)`,
  },
  {
    finding: 'a line is locked without its approved refund, or one is not locked',
    sql: `select bill_no || '/' || line_no as what from item
      where locked_by is not
        (select l.refund_no from refund_line l join refund r using (refund_no)
          where r.bill_no = item.bill_no and l.line_no = item.line_no and r.status = 'approved')
      or (locked_by is not null and status <> 'charged')`,
  },
  {
    finding: 'a refund is not the sum of its lines',
    sql: `select refund_no as what from refund where amount_fen <>
      (select coalesce(sum(amount_fen), 0) from refund_line l
        join item on item.bill_no = refund.bill_no and item.line_no = l.line_no
        where l.refund_no = refund.refund_no)`,
  },
  {
    finding: 'a refund is completed without its red receipt, or has one and is not',
    sql: `select refund_no as what from refund where (status = 'completed') <>
      (select count(*) from receipt r where r.refund_no = refund.refund_no
        and r.receipt_no = refund.receipt_no and r.amount_fen = refund.amount_fen
        and r.payment_no = refund.payment_no and r.bill_no = refund.bill_no)`,
  },
  {
    finding: 'a receipt is not the sum of its tenders',
    sql: `select receipt_no as what from receipt where amount_fen is not
      (select sum(amount_fen) from receipt_tender t where t.receipt_no = receipt.receipt_no)`,
  },
  {
    finding: 'a receipt stands on another day than that of its moment',
    sql: `select receipt_no as what from receipt where business_date <> date(at, '+8 hours')`,
  },
  {
    finding: 'a written-back key has not its receipt, or has one without it',
    sql: `select receipt_no as what from receipt where kind = 'payment' and not exists
        (select 1 from answered where operation = 'bills.writeBack'
          and business_key = json_array(payment_no, bill_no)
          and answer ->> '$.data.receiptNo' = receipt_no)
      union all
      select business_key from answered where operation = 'bills.writeBack'
        and answer ->> '$.code' = 'OK' and not exists
        (select 1 from receipt where receipt_no = answer ->> '$.data.receiptNo')`,
  },
  {
    finding: 'a place at a clinic has not its bill over the fee',
    sql: `select registration_no as what from registration g where fee_fen <>
      coalesce((select total_fen from bill where bill.bill_no = g.bill_no
        and bill.visit_no = g.visit_no and bill.patient_no = g.patient_no), 0)`,
  },
  {
    finding: 'a place that was given up has a bill still to be paid',
    sql: `select registration_no as what from registration join bill using (bill_no)
      where registration.status in ('cancelled', 'lapsed') and bill.status = 'open'`,
  },
  {
    finding: 'a settled stay has not its settlement, or one has it and is not',
    sql: `select stay_no as what from stay where (status = 'discharged') <>
      (select count(*) from stay_receipt r where r.stay_no = stay.stay_no and r.kind = 'settlement')`,
  },
  {
    finding: 'more was given back or used of the deposits than was paid in',
    sql: `select stay_no as what from stay_receipt group by stay_no having
      sum(case kind when 'deposit' then amount_fen when 'deposit_refund' then -amount_fen
        else -deposit_used_fen end) < 0`,
  },
  {
    finding: 'a receipt of a stay stands on another day than that of its moment',
    sql: `select receipt_no as what from stay_receipt where business_date <> date(at, '+8 hours')`,
  },
  {
    finding: 'the days do not add up to the bills',
    sql: `select in_bills || ' and ' || in_days as what from
      (select (select coalesce(sum(total_fen), 0) from bill where status in ${PAID})
        - (select coalesce(sum(amount_fen), 0) from item where status = 'refunded') as in_bills,
        (select coalesce(sum(case kind when 'payment' then amount_fen else -amount_fen end), 0)
          from receipt where taken_back_at is null) as in_days)
      where in_bills <> in_days`,
  },
]
