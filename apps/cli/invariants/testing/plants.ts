// What breaks an invariant, written straight into the database. Each breaks the invariant it stands for, first
// in its list, and no other than those after it, which look at the same rows from another side.

type Plant = { what: string; statements: string[]; breaks: string[] }

/** The payment of a bill, in a statement. */
const paymentOf = (billNo: string) =>
  `(select payment_id from payments.payment_bill where bill_no = '${billNo}')`

const trailOf = (billNo: string) => `'payment:' || ${paymentOf(billNo)}`

export const PLANTS: Plant[] = [
  {
    what: 'a fen more on an account',
    statements: [
      "update ledger.account set debit_fen = debit_fen + 1 where code = 'receivable/wechat/self_pay'",
    ],
    breaks: ['I1'],
  },
  {
    what: 'a transfer that is gone',
    statements: [
      `delete from ledger.transfer where entry_id = (select id from ledger.entry
        where cause like 'move:wechat:charge:%' and subject = ${trailOf('B1')})`,
    ],
    breaks: ['I1', 'I1b', 'I4', 'I13'],
  },
  {
    what: 'money moved out of transit for no reason',
    statements: [
      "insert into ledger.account values (1, 'elsewhere', 'liability', 0, 0, 0)",
      `insert into ledger.rollup
        select 1, a.code, '0190b3a0-0000-7000-8000-00000000000a', e.business_date, '2026-11-21', a.debit, a.credit, false
        from (values ('elsewhere', 0, 100), ('in-transit', 100, 0)) a (code, debit, credit)
        cross join (select business_date from ledger.entry where subject = ${trailOf('B1')} limit 1) e`,
      `insert into ledger.entry select hospital_id, '0190b3a0-0000-7000-8000-00000000000a', business_date,
        'adjusted', subject, memo, created_at from ledger.entry where subject = ${trailOf('B1')} limit 1`,
      `insert into ledger.transfer values
        (1, '0190b3a0-0000-7000-8000-00000000000a', 1, 'in-transit', 'elsewhere', 100)`,
    ],
    breaks: ['I1b'],
  },
  {
    what: 'more held than was promised',
    statements: [
      "update ledger.account set held_fen = held_fen + 1 where code = 'receivable/wechat/self_pay'",
    ],
    breaks: ['I1c'],
  },
  {
    what: 'a hold posted with another amount',
    statements: [
      `update ledger.hold set amount_fen = amount_fen + 1
        where id = (select hold_id from ledger.hold_end where outcome = 'posted' limit 1)`,
    ],
    breaks: ['I1c'],
  },
  {
    what: 'the right to change what moved',
    statements: ['grant update (amount_fen) on payments.move to yiqiao_app'],
    breaks: ['I2'],
  },
  {
    what: 'a trigger',
    statements: [
      "create function ledger.look() returns trigger language plpgsql as 'begin return new; end'",
      `create trigger look before insert on ledger.entry
        for each row execute function ledger.look()`,
    ],
    breaks: ['I2'],
  },
  {
    what: 'a bill settled twice',
    statements: ["update payments.payment_bill set bill_no = 'B1' where bill_no = 'B2'"],
    breaks: ['I3'],
  },
  {
    what: 'a charge taken twice from one payer',
    statements: [
      `insert into payments.move
        select hospital_id, business_date, provider, kind, our_no || 'again', part, provider_no || 'again',
          amount_fen, payment_id, tender_no, refund_id, at, recorded_at
        from payments.move where provider = 'wechat' and kind = 'charge' and payment_id = ${paymentOf('C2')}`,
    ],
    breaks: ['I3', 'I4', 'I10', 'I12', 'I13'],
  },
  {
    what: 'an entry for which nothing moved',
    statements: [
      `update ledger.entry set cause = cause || ':again'
        where cause like 'move:wechat:charge:%' and subject = ${trailOf('B1')}`,
    ],
    breaks: ['I4'],
  },
  {
    what: 'a tender that took more than moved',
    statements: [
      `update payments.tender set taken_fen = taken_fen + 1
        where provider = 'wechat' and payment_id = ${paymentOf('C3')}`,
    ],
    breaks: ['I4', 'I1b', 'I3'],
  },
  {
    what: 'a success without its entry',
    statements: [
      "update ledger.entry set cause = 'x' || cause where cause like 'payment:%:succeeded'",
    ],
    breaks: ['I4'],
  },
  {
    what: 'a bill under refund without a refund',
    statements: ["update payments.payment_bill set refunding_fen = 1 where bill_no = 'B1'"],
    breaks: ['I5'],
  },
  {
    what: 'a refund that ended with another amount',
    statements: [
      `update payments.refund set amount_fen = amount_fen + 1
        where cause = 'compensation' and payment_id = ${paymentOf('B4')}`,
    ],
    breaks: ['I5'],
  },
  {
    what: 'one charge of the provider under two numbers of ours',
    statements: [
      `update payments.move set provider_no = 'one' where provider = 'wechat' and kind = 'charge'
        and payment_id in (${paymentOf('B1')}, ${paymentOf('B2')})`,
    ],
    breaks: ['I7'],
  },
  {
    what: 'a unique key that is gone',
    statements: ['alter table ledger.entry drop constraint entry_once'],
    breaks: ['I7b'],
  },
  {
    what: 'a payment nobody was called about',
    statements: [
      `update payments.payment set settling_since = settling_since - interval '2 hours'
        where id = ${paymentOf('C3')}`,
    ],
    breaks: ['I8'],
  },
  {
    what: 'an event nobody heard',
    statements: [
      `update platform.outbox set done_at = null, created_at = created_at - interval '1 hour'
        where name = 'payments.ended'`,
    ],
    breaks: ['I8'],
  },
  {
    what: 'a day nobody closes',
    statements: [
      `insert into reconciliation.day (hospital_id, business_date, status, version, created_at, updated_at)
        values (1, '2026-11-18', 'gathering', 0, '2026-11-19', '2026-11-19')`,
    ],
    breaks: ['I8'],
  },
  {
    what: 'a payment that calls for a person and is nobody’s',
    statements: [
      `update reconciliation.work_case set status = 'resolved', resolution = 'no_difference',
        resolved_at = opened_at where class = 'payment_attention'`,
    ],
    breaks: ['I8b'],
  },
  {
    what: 'a step that is not in the trail',
    statements: [
      `delete from platform.audit where action = 'payments.settling' and subject = ${trailOf('B1')}`,
    ],
    breaks: ['I9'],
  },
  {
    what: 'a step out of an end',
    statements: [
      `update platform.audit set detail = '{"from": "closed"}'
        where action = 'payments.succeeded' and subject = ${trailOf('B1')}`,
    ],
    breaks: ['I9'],
  },
  {
    what: 'a refund that was never begun',
    statements: [
      `delete from platform.audit
        where action = 'refunds.returning' and subject = ${trailOf('B3')}`,
    ],
    breaks: ['I9'],
  },
  {
    what: 'parts that are not their tender',
    statements: [
      `update payments.tender set parts = jsonb_set(parts, '{0,amountFen}', '1')
        where provider = 'wechat' and payment_id = ${paymentOf('C4')}`,
    ],
    breaks: ['I10'],
  },
  {
    what: 'lines that are not their bill',
    statements: [
      `update payments.payment_bill set payable = jsonb_set(payable, '{lines,0,amountFen}', '1')
        where bill_no = 'B1'`,
    ],
    breaks: ['I10'],
  },
  {
    what: 'an insurer’s settlement that is not what the books say',
    statements: [
      `insert into insurance.settlement (hospital_id, msgid, claim_id, kind, status, psn_no, mdtrt_id,
          insutype, setl_id, settled_at, sent_at, figures)
        select 1, rpad(our_no, 30, 'x'), payment_id, 'charge', 'done', 'p', 'm', '310', 's', at, at,
          '{"totalFen": 9, "fundFen": 5, "personalFen": 4, "hospitalFen": 0, "accountFen": 1, "cashFen": 2}'
        from payments.move where provider = 'insurance' and kind = 'charge'
          and payment_id = ${paymentOf('B1')}`,
    ],
    breaks: ['I10'],
  },
  {
    what: 'a bill the hospital has not receipted',
    statements: ["update payments.payment_bill set write_back = 'asked' where bill_no = 'B1'"],
    breaks: ['I11'],
  },
  {
    what: 'a charge under a number of another hospital',
    statements: [
      `update payments.move set our_no = '0002' || substr(our_no, 5)
        where provider = 'wechat' and kind = 'charge' and payment_id = ${paymentOf('B1')}`,
      `update ledger.entry set cause = replace(cause, 'charge:0001', 'charge:0002')
        where cause like 'move:wechat:charge:%' and subject = ${trailOf('B1')}`,
    ],
    breaks: ['I12'],
  },
  {
    what: 'a bill settled by a payment of nobody here',
    statements: [
      `insert into billing.bill values (1, 'B9', 1, '0190b3a0-0000-7000-8000-00000000000b', 'V', 't', 1, 'paid',
        '{}', '0190b3a0-0000-7000-8000-00000000000c', '2026-11-21')`,
    ],
    breaks: ['I12'],
  },
  {
    what: 'a table its owner may read whole',
    statements: ['alter table payments.move no force row level security'],
    breaks: ['I12b'],
  },
  {
    what: 'an account of a hospital nobody knows',
    statements: ["insert into ledger.account values (77, 'income', 'income', 0, 0, 0)"],
    breaks: ['I12b'],
  },
  {
    what: 'money on another day',
    statements: [
      `update payments.move set business_date = business_date + 1
        where provider = 'wechat' and kind = 'charge' and payment_id = ${paymentOf('C2')}`,
    ],
    breaks: ['I13'],
  },
  {
    what: 'a list whose totals are not its lines',
    statements: ['update reconciliation.statement set charge_fen = charge_fen + 1'],
    breaks: ['I13'],
  },
  {
    what: 'a comparison that does not add up',
    statements: [
      `update reconciliation.comparison
        set figures = jsonb_set(figures, '{charge,gaps,theirs_only,amountFen}', '1') where source = 'wechat'`,
    ],
    breaks: ['I15'],
  },
  {
    what: 'a closed day with a difference nobody has',
    statements: [
      `update reconciliation.difference set status = 'found', case_id = null, resolved_at = null
        where source = 'wechat'`,
    ],
    breaks: ['I15'],
  },
  {
    what: 'a loan of which the lender’s book knows nothing',
    statements: [
      `insert into credit.lender values
        (900001, '海岳银行', 'Haiyue Bank', 'built_in', 'active', '2026-11-21T00:00:00Z')`,
      `insert into credit.loan values
        (900001, '0190b3a0-0000-7000-8000-00000000000d', '0190b3a0-0000-7000-8000-00000000000e', 1, 'V1',
          'pay-later', 'next_month', 1, 0, 0, 0, 500, '2026-11-21', '2026-12-21', 'open', null, 'current',
          '2026-11-21T00:00:00Z', null)`,
      `insert into credit.instalment values
        (900001, '0190b3a0-0000-7000-8000-00000000000d', 1, '2026-11-21', '2026-12-21', 30, 500, 0, 0, 0, 0, 0,
          0, 0, '2026-11-21', 0, 0, 0, 0, 0, 0, 0, 'open')`,
    ],
    breaks: ['I16'],
  },
  {
    what: 'an open loan on which nothing is due',
    statements: [
      `insert into credit.lender values
        (900001, '海岳银行', 'Haiyue Bank', 'built_in', 'active', '2026-11-21T00:00:00Z')`,
      `insert into credit.loan values
        (900001, '0190b3a0-0000-7000-8000-00000000000d', '0190b3a0-0000-7000-8000-00000000000e', 1, 'V1',
          'pay-later', 'next_month', 1, 0, 0, 0, 500, '2026-11-21', '2026-12-21', 'open', null, 'current',
          '2026-11-21T00:00:00Z', null)`,
    ],
    breaks: ['I16'],
  },
  {
    what: 'a budget that nobody allotted',
    statements: [
      `insert into benefits.budget values (1, '0190b3a0-0000-7000-8000-00000000000f', 100, 0, 0, 0)`,
    ],
    breaks: ['I17'],
  },
  {
    what: 'an entitlement used by no tender',
    statements: [
      `insert into benefits.entitlement values
        (1, '0190b3a0-0000-7000-8000-000000000010', '0190b3a0-0000-7000-8000-00000000000f',
          '0190b3a0-0000-7000-8000-00000000000e', 'subsidy', 'decision:1', 1000, 100, '2026-11-01', '2026-12-31',
          '1', '1', 'active', 'staff:a', '2026-11-21T00:00:00Z', false, null, null, null, null, null)`,
    ],
    breaks: ['I17'],
  },
  {
    what: 'a deposit that nobody paid in',
    statements: [
      `insert into deposits.account values
        (1, '0190b3a0-0000-7000-8000-000000000011', '0190b3a0-0000-7000-8000-00000000000e', 'inpatient', 'S1',
          'haiyue', 'C1', 'open', 100, 0, 0, false, '2026-11-21T00:00:00Z', null)`,
    ],
    breaks: ['I18'],
  },
]
