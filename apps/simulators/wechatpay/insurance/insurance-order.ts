import { type Fen, fen } from '../../../../kernel/money.ts'
import { toShanghaiIso } from '../../../../kernel/time.ts'
import { type Context, nowMs } from '../context.ts'
import { findOrder, type TradeState } from '../order.ts'
import type { Sums } from './check.ts'
import type { MixPayType } from './request.ts'

type PartState = 'NONE' | 'CREATED' | 'SUCCESS' | 'REFUND' | 'FAIL'

/** A mixed order with its three states, of which only the insurance's is kept: the cash part's is its order's. */
export type InsuranceOrder = Sums & {
  mchid: string
  outTradeNo: string
  mixTradeNo: string
  mixPayType: MixPayType
  openid: string
  /** The fields of the request that every answer repeats. */
  shown: Record<string, unknown>
  callbackUrl: string
  mixState: Exclude<PartState, 'NONE'>
  cashState: PartState
  insuranceState: PartState
  paidAt: Date | null
}

/** For answers, queries and the notice alike. */
export const insuranceView = (order: InsuranceOrder): object => ({
  ...order.shown,
  mix_trade_no: order.mixTradeNo,
  mix_pay_status: `MIX_PAY_${order.mixState}`,
  self_pay_status: order.cashState === 'NONE' ? 'NO_SELF_PAY' : `SELF_PAY_${order.cashState}`,
  med_ins_pay_status:
    order.insuranceState === 'NONE' ? 'NO_MED_INS_PAY' : `MED_INS_PAY_${order.insuranceState}`,
  ...(order.paidAt !== null && { paid_time: toShanghaiIso(order.paidAt) }),
  ...(order.paidAt !== null &&
    order.insuranceState !== 'NONE' && {
      passthrough_response_content: JSON.stringify({ setlId: order.mixTradeNo }),
    }),
})

export const findInsuranceOrder = (context: Context, mchid: string, outTradeNo: string) =>
  find(context, 'mchid = ? and out_trade_no = ?', [mchid, outTradeNo])

export const findByMixTradeNo = (context: Context, mixTradeNo: string) =>
  find(context, 'mix_trade_no = ?', [mixTradeNo])

export const listInsuranceOrders = (context: Context): InsuranceOrder[] =>
  context.store
    .all<InsuranceOrderRow>('select * from insurance_order order by rowid')
    .map((row) => toInsuranceOrder(context, row))

function find(context: Context, where: string, values: string[]): InsuranceOrder | null {
  const row = context.store.get<InsuranceOrderRow>(
    `select * from insurance_order where ${where}`,
    values,
  )
  return row && toInsuranceOrder(context, row)
}

const CASH_STATES: Record<TradeState, PartState> = {
  NOTPAY: 'CREATED',
  USERPAYING: 'CREATED',
  SUCCESS: 'SUCCESS',
  REFUND: 'REFUND',
  CLOSED: 'FAIL',
  REVOKED: 'FAIL',
  PAYERROR: 'FAIL',
}

function toInsuranceOrder(context: Context, row: InsuranceOrderRow): InsuranceOrder {
  const cash = row.cash_fen > 0 ? findOrder(context, row.mchid, row.out_trade_no) : null
  const hasExpired = row.insurance_state === 'CREATED' && nowMs(context) >= row.expires_ms
  const found = {
    cash: cash === null ? 'NONE' : CASH_STATES[cash.state],
    insurance: hasExpired ? 'FAIL' : row.insurance_state,
  } satisfies Record<string, PartState>
  const mixState = mixStateOf([found.cash, found.insurance])
  // A mix that failed waits for nothing any more.
  const ended = (state: PartState) => (mixState === 'FAIL' && state === 'CREATED' ? 'FAIL' : state)
  return {
    mchid: row.mchid,
    outTradeNo: row.out_trade_no,
    mixTradeNo: row.mix_trade_no,
    mixPayType: row.mix_pay_type,
    openid: row.openid,
    shown: JSON.parse(row.shown) as Record<string, unknown>,
    callbackUrl: row.callback_url,
    totalFen: fen(row.total_fen),
    fundFen: fen(row.fund_fen),
    accountFen: fen(row.account_fen),
    otherFen: fen(row.other_fen),
    ownPartFen: fen(row.own_part_fen),
    cashFen: fen(row.cash_fen),
    addedFen: fen(row.added_fen),
    reducedFen: fen(row.reduced_fen),
    mixState,
    cashState: ended(found.cash),
    insuranceState: ended(found.insurance),
    paidAt: row.paid_ms === null ? null : new Date(row.paid_ms),
  }
}

function mixStateOf(states: readonly PartState[]): InsuranceOrder['mixState'] {
  const parts = states.filter((state) => state !== 'NONE')
  if (parts.includes('FAIL')) return 'FAIL'
  if (parts.includes('CREATED')) return 'CREATED'
  return parts.every((state) => state === 'REFUND') ? 'REFUND' : 'SUCCESS'
}

/** What the bureau has given back of an order, by what the merchant told. */
export function returnedOf({ store }: Context, mixTradeNo: string, exceptNo: string): Returned {
  const row = store.get<{ fund: number; account: number; other: number }>(
    `select coalesce(sum(fund_fen), 0) as fund, coalesce(sum(account_fen), 0) as account,
       coalesce(sum(other_fen), 0) as other
     from insurance_return where mix_trade_no = ? and out_refund_no <> ?`,
    [mixTradeNo, exceptNo],
  )
  return {
    fundFen: fen(row?.fund ?? 0),
    accountFen: fen(row?.account ?? 0),
    otherFen: fen(row?.other ?? 0),
  }
}

type Returned = { fundFen: Fen; accountFen: Fen; otherFen: Fen }

type InsuranceOrderRow = {
  mchid: string
  out_trade_no: string
  mix_trade_no: string
  mix_pay_type: MixPayType
  openid: string
  shown: string
  callback_url: string
  total_fen: number
  fund_fen: number
  account_fen: number
  other_fen: number
  own_part_fen: number
  cash_fen: number
  added_fen: number
  reduced_fen: number
  insurance_state: PartState
  created_ms: number
  expires_ms: number
  paid_ms: number | null
}
