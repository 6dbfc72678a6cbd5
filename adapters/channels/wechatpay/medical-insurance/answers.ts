import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { fen } from '../../../../kernel/money.ts'
import { momentOf } from '../answers.ts'
import { type Unknown, unknown } from '../exchange.ts'
import {
  ADDITION_TYPES,
  brokenIdentity,
  differingAmount,
  type MedicalInsuranceAmounts,
  REDUCTION_TYPES,
} from './amounts.ts'
import { type MedicalInsuranceOrder, mixPayTypeOf } from './order.ts'
import { type MixVerdict, verdictOf } from './statuses.ts'

const Text = Type.String({ minLength: 1, maxLength: 256 })
const Amount = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 })

/** The mixed order as WeChat tells it, in answers and notices. What is zero may be left out. */
const OrderEntity = Compile(
  Type.Object({
    mix_trade_no: Text,
    mix_pay_status: Text,
    self_pay_status: Text,
    med_ins_pay_status: Text,
    mix_pay_type: Text,
    appid: Text,
    out_trade_no: Text,
    serial_no: Type.Optional(Text),
    paid_time: Type.Optional(Type.String({ maxLength: 64 })),
    passthrough_response_content: Type.Optional(Type.String({ maxLength: 8_192 })),
    prepay_id: Type.Optional(Type.String({ maxLength: 64 })),
    med_ins_test_env: Type.Optional(Type.Boolean()),
    total_fee: Amount,
    med_ins_gov_fee: Type.Optional(Amount),
    med_ins_self_fee: Type.Optional(Amount),
    med_ins_other_fee: Type.Optional(Amount),
    med_ins_cash_fee: Type.Optional(Amount),
    wechat_pay_cash_fee: Type.Optional(Amount),
    cash_add_detail: Type.Optional(
      Type.Array(
        Type.Object({ cash_add_fee: Amount, cash_add_type: Type.Enum([...ADDITION_TYPES]) }),
        { maxItems: 100 },
      ),
    ),
    cash_reduce_detail: Type.Optional(
      Type.Array(
        Type.Object({
          cash_reduce_fee: Amount,
          cash_reduce_type: Type.Enum([...REDUCTION_TYPES]),
        }),
        { maxItems: 100 },
      ),
    ),
  }),
)

/** A mixed order, understood: its three statuses judged together, and its amounts adding up. */
export type MixedOrder = {
  verdict: MixVerdict
  mixTradeNo: string
  tradeNo: string
  appid: string
  mixPayType: string
  prepayId: string | null
  /** When all of it was paid; null before. */
  paidAt: Date | null
  /** What the bureau passes to the hospital. */
  passthrough: string | null
  isTestEnvironment: boolean
  amounts: MedicalInsuranceAmounts
}

/** What an answer or a notice tells; 'unknown' for what does not make sense, whatever its signature. */
export function readMixedOrder(json: unknown): (MixedOrder & { outcome: 'read' }) | Unknown {
  if (!OrderEntity.Check(json)) return unknown('the mixed order cannot be read')
  const verdict = verdictOf(json)
  if (verdict === null) {
    const { mix_pay_type: type, mix_pay_status: mix } = json
    const parts = [type, mix, json.self_pay_status, json.med_ins_pay_status]
    return unknown(`${parts.join(' ').slice(0, 160)} is not known`)
  }
  const amounts = amountsOf(json)
  const broken = brokenIdentity(amounts)
  if (broken !== null) return unknown(`its amounts do not add up: ${broken}`)
  const paidAt = json.paid_time ? momentOf(json.paid_time) : null
  if (MONEY_TAKEN.has(verdict) && paidAt === null) return unknown('its paid_time cannot be read')
  return {
    outcome: 'read',
    verdict,
    mixTradeNo: json.mix_trade_no,
    tradeNo: json.out_trade_no,
    appid: json.appid,
    mixPayType: json.mix_pay_type,
    prepayId: json.prepay_id ? json.prepay_id : null,
    paidAt,
    passthrough: json.passthrough_response_content ?? null,
    isTestEnvironment: json.med_ins_test_env ?? false,
    amounts,
  }
}

const MONEY_TAKEN: ReadonlySet<MixVerdict> = new Set(['paid', 'partly_refunded', 'refunded'])

/** In what a mixed order is not the one that was asked for; null when it is. */
export function strangeField(
  { appid, isTestEnvironment }: { appid: string; isTestEnvironment: boolean },
  order: MedicalInsuranceOrder,
  mixed: MixedOrder,
): string | null {
  if (mixed.appid !== appid) return 'appid'
  if (mixed.tradeNo !== order.tradeNo) return 'out_trade_no'
  if (mixed.mixPayType !== mixPayTypeOf(order)) return 'mix_pay_type'
  if (mixed.isTestEnvironment !== isTestEnvironment) return 'med_ins_test_env'
  return differingAmount(mixed.amounts, order.amounts)
}

function amountsOf(entity: {
  total_fee: number
  med_ins_gov_fee?: number
  med_ins_self_fee?: number
  med_ins_other_fee?: number
  med_ins_cash_fee?: number
  wechat_pay_cash_fee?: number
  cash_add_detail?: { cash_add_fee: number; cash_add_type: (typeof ADDITION_TYPES)[number] }[]
  cash_reduce_detail?: {
    cash_reduce_fee: number
    cash_reduce_type: (typeof REDUCTION_TYPES)[number]
  }[]
}): MedicalInsuranceAmounts {
  return {
    totalFen: fen(entity.total_fee),
    fundFen: fen(entity.med_ins_gov_fee ?? 0),
    accountFen: fen(entity.med_ins_self_fee ?? 0),
    otherFen: fen(entity.med_ins_other_fee ?? 0),
    ownPartFen: fen(entity.med_ins_cash_fee ?? 0),
    cashFen: fen(entity.wechat_pay_cash_fee ?? 0),
    additions: (entity.cash_add_detail ?? []).map((one) => ({
      type: one.cash_add_type,
      amountFen: fen(one.cash_add_fee),
    })),
    reductions: (entity.cash_reduce_detail ?? []).map((one) => ({
      type: one.cash_reduce_type,
      amountFen: fen(one.cash_reduce_fee),
    })),
  }
}
