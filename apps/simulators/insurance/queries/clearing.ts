import { subtractFen } from '../../../../kernel/money.ts'
import { addDays, businessDate, isBusinessDate } from '../../../../kernel/time.ts'
import { type Call, type Centre, type Handler, newNumber } from '../centre.ts'
import { amount, date, decimal, readFields, text } from '../fields.ts'
import { totalsOf } from '../reconciliation.ts'
import { Refusal } from '../refusal.ts'
import { listSettlements } from '../settlements.ts'
import { memberOf, writeWire } from '../wire-json.ts'

/** 3203: a month's claim on the funds; it must be what the centre has, and stands once. */
export const applyForClearing: Handler = (centre, call) => {
  const node = memberOf(call.input, 'data')
  const data = readFields(node, APPLICATION, 'data')
  const month = monthOf(data.setlym)
  if (data.begndate !== month.from) throw new Refusal('data.begndate', `应为${month.from}`)
  if (data.enddate !== month.to) throw new Refusal('data.enddate', `应为${month.to}`)
  if (data.clr_way !== '1') throw new Refusal('data.clr_way', '本中心按项目(1)清算')
  checkTotals(centre, call, data, month)
  const standing = centre.store.get(
    'select 1 from clearing where fixmedins_code = ? and clr_type = ? and setlym = ? and cancelled = 0',
    [call.fixmedinsCode, data.clr_type, data.setlym],
  )
  if (standing) throw new Refusal('data.setlym', '本月该类别已申请清算')
  const no = newNumber(centre, call.at)
  centre.store.run('insert into clearing values (?, ?, ?, ?, 0, ?)', [
    no,
    call.fixmedinsCode,
    data.clr_type,
    data.setlym,
    writeWire(node),
  ])
  return { result: { clr_appy_evt_id: no } }
}

/** 3204. */
export const cancelClearing: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), { clr_appy_evt_id: text(30) }, 'data')
  const cancelled = centre.store.run(
    `update clearing set cancelled = 1
     where clr_appy_evt_id = ? and fixmedins_code = ? and cancelled = 0`,
    [data.clr_appy_evt_id, call.fixmedinsCode],
  )
  if (cancelled === 0) throw new Refusal('data.clr_appy_evt_id', '清算申请不存在或已撤销')
  return null
}

function checkTotals(
  centre: Centre,
  call: Call,
  data: ReturnType<typeof readFields<typeof APPLICATION>>,
  { from, to }: ReturnType<typeof monthOf>,
) {
  const totals = totalsOf(
    listSettlements(centre, {
      fixmedinsCode: call.fixmedinsCode,
      from,
      to,
      insutype: null,
      clrType: data.clr_type,
      withRefunds: true,
    }),
  )
  const claims = [
    ['psntime', Number(data.psntime), totals.count],
    ['medfee_sumamt', data.medfee_sumamt, totals.totalFen],
    ['acct_pay', data.acct_pay, totals.accountFen],
    ['cash_payamt', data.cash_payamt, totals.cashFen],
    // What is asked of the funds is what neither the account nor the person has paid.
    [
      'fund_appy_sum',
      data.fund_appy_sum,
      subtractFen(subtractFen(totals.totalFen, totals.accountFen), totals.cashFen),
    ],
  ] as const
  for (const [name, claimed, right] of claims) {
    if (claimed !== right) throw new Refusal(`data.${name}`, '与中心合计不一致')
  }
}

function monthOf(setlym: string) {
  const first = `${setlym.slice(0, 4)}-${setlym.slice(4)}-01`
  if (setlym.length !== 6 || !isBusinessDate(first)) throw new Refusal('data.setlym', '应为yyyyMM')
  const from = businessDate(first)
  const inNext = addDays(from, 31)
  return { from, to: addDays(inNext, -Number(inNext.slice(8))) }
}

const APPLICATION = {
  clr_type: text(6),
  clr_way: text(6),
  setlym: text(6),
  psntime: decimal(10, 0),
  medfee_sumamt: amount,
  fund_appy_sum: amount,
  acct_pay: amount,
  cash_payamt: amount,
  begndate: date,
  enddate: date,
}
