import { type BusinessDate, instantAt } from '../../../../../kernel/time.ts'
import type { Payment } from '../../pay-once.ts'
import { type Answer, refusal, type TenderKind } from '../../protocol.ts'
import { day, fenAmount, list, oneOf, optional, secondOfDay, text, type Values } from '../fields.ts'
import { TRADE_MODES, type TradeMode } from './codes.ts'

/** The 支付信息 of every service that moves money. */
export const PAYMENT_FIELDS = {
  tradeMode: oneOf(...TRADE_MODES),
  tradeModeList: optional(
    list(
      {
        tradeMode: oneOf(...TRADE_MODES),
        cash: fenAmount,
        accountAmt: optional(fenAmount),
        transNo: optional(text(64)),
      },
      TRADE_MODES.length,
    ),
  ),
  accountNo: optional(text(40)),
  cash: fenAmount,
  posTransNo: optional(text(40)),
  bankTransNo: optional(text(40)),
  bankDate: day,
  bankTime: secondOfDay,
  bankSettlementTime: optional(text(20)),
  bankCardNo: optional(text(40)),
  posIndexNo: optional(text(40)),
  sellerAccountNo: optional(text(64)),
  transNo: text(64),
  payAccountNo: optional(text(64)),
  outTradeNo: text(32),
}

export type PaymentBlock = Values<typeof PAYMENT_FIELDS>

/** What was paid, and how; or a refusal when the parts are not the whole. */
export function paymentIn(block: PaymentBlock): Omit<Payment, 'billNo'> | Answer {
  const parts = block.tradeModeList ?? [{ ...block, accountAmt: null }]
  const sum = parts.reduce((total, { cash }) => total + cash, 0)
  if (sum !== block.cash) return refusal('AMOUNT_MISMATCH', 'tradeModeList does not add up to cash')
  if (parts.some((part) => (part.accountAmt ?? 0) > (part.tradeMode === 'MIC' ? part.cash : 0))) {
    return refusal('AMOUNT_MISMATCH', 'accountAmt is a part of what MIC pays')
  }
  const insured = parts.find(({ tradeMode }) => tradeMode === 'MIC')
  return {
    paymentNo: block.outTradeNo,
    totalFen: block.cash,
    paidAt: paidAt(block),
    tenders: parts.flatMap((part) => {
      const tradeNo = part.transNo ?? block.transNo
      const accountFen = part.accountAmt ?? 0
      const own = { kind: kindOf(part.tradeMode), amountFen: part.cash - accountFen, tradeNo }
      return [own, { kind: 'account' as const, amountFen: accountFen, tradeNo }]
    }),
    insuranceSettlementNo: insured?.transNo ?? null,
  }
}

export const paidAt = ({ bankDate, bankTime }: { bankDate: BusinessDate; bankTime: string }) =>
  instantAt(bankDate, bankTime)

const kindOf = (mode: TradeMode): TenderKind =>
  mode === 'MIC' ? 'pooled' : mode === 'OC' ? 'deposit' : 'self_pay'
