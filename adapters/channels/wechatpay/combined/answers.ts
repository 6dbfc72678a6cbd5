import Type from 'typebox'
import { Compile } from 'typebox/compile'

import { fen } from '../../../../kernel/money.ts'
import type { Move } from '../../../../modules/payments/index.ts'
import { momentOf } from '../answers.ts'
import { type Unknown, unknown } from '../exchange.ts'
import { appidOf } from '../order-request.ts'
import type { WechatPayAccount } from '../params.ts'
import { TRADE_STATES } from '../translation.ts'
import type { CombinedOrder, CombinedPart } from './order.ts'

const Text = Type.String({ minLength: 1, maxLength: 256 })

const Part = Type.Object({
  mchid: Text,
  out_trade_no: Text,
  trade_state: Text,
  transaction_id: Type.Optional(Text),
  success_time: Type.Optional(Type.String({ maxLength: 64 })),
  amount: Type.Object({
    total_amount: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    currency: Type.Optional(Type.String({ maxLength: 16 })),
  }),
})

const Combined = Compile(
  Type.Object({
    combine_appid: Text,
    combine_mchid: Text,
    combine_out_trade_no: Text,
    sub_orders: Type.Array(Part, { minItems: 1, maxItems: 50 }),
  }),
)

/** What a notice of it must hold to say what to ask about. */
export const CombinedNumbers = Compile(
  Type.Object({ combine_appid: Text, combine_mchid: Text, combine_out_trade_no: Text }),
)

export type CombinedState =
  /** One move for each part, in the order of the parts. */
  | { outcome: 'confirmed'; moves: readonly Move[] }
  | { outcome: 'pending' }
  | { outcome: 'declined'; code: string; reason: string }
  | Unknown

/** All parts must be there, each over its own amount, and all must say the same: half a payment is none WeChat makes. */
export function readCombined(
  account: WechatPayAccount,
  order: CombinedOrder,
  json: unknown,
): CombinedState {
  if (!Combined.Check(json)) return unknown('the combined order cannot be read')
  if (json.combine_mchid !== account.mchid) return strange('combine_mchid')
  if (json.combine_appid !== appidOf(account, order.method)) return strange('combine_appid')
  if (json.combine_out_trade_no !== order.tradeNo) return strange('combine_out_trade_no')
  if (json.sub_orders.length !== order.parts.length) return strange('number of parts')
  const states: PartState[] = []
  for (const part of order.parts) {
    const mchid = part.mchid ?? account.mchid
    const told = json.sub_orders.find(
      (one) => one.mchid === mchid && one.out_trade_no === part.tradeNo,
    )
    if (told === undefined) return strange('part')
    const state = readPart(part, told)
    if (state.outcome === 'unknown') return state
    states.push(state)
  }
  return together(states)
}

type PartState = Exclude<CombinedState, { outcome: 'confirmed' }> | { outcome: 'paid'; move: Move }

function readPart(part: CombinedPart, told: Type.Static<typeof Part>): PartState {
  const { amount, trade_state: said } = told
  if ((amount.currency ?? 'CNY') !== 'CNY') return strange('currency')
  if (amount.total_amount !== part.amountFen) return strange(`amount of ${part.tradeNo}`)
  const state = TRADE_STATES.get(said)
  switch (state?.outcome) {
    case 'pending':
      return { outcome: 'pending' }
    case 'declined':
      return { outcome: 'declined', code: state.code, reason: `trade_state ${said}` }
    case 'confirmed': {
      const at = told.success_time === undefined ? null : momentOf(told.success_time)
      if (at === null || told.transaction_id === undefined) {
        return unknown(`the paid part ${part.tradeNo} cannot be read`)
      }
      const parts = [{ kind: 'self_pay', amountFen: fen(amount.total_amount) }] as const
      const numbers = { ourNo: part.tradeNo, providerNo: told.transaction_id }
      return { outcome: 'paid', move: { kind: 'charge', ...numbers, parts, at } }
    }
    case undefined:
      return unknown(`trade_state ${said.slice(0, 40)} is not known`)
  }
}

function together(states: readonly PartState[]): CombinedState {
  const moves = states.flatMap((state) => (state.outcome === 'paid' ? [state.move] : []))
  if (moves.length === states.length) return { outcome: 'confirmed', moves }
  const [first] = states
  const isOne = states.every((state) => state.outcome === first?.outcome)
  if (first === undefined || first.outcome === 'paid' || !isOne) {
    const said = states.map(({ outcome }) => outcome)
    return unknown(`its parts contradict each other: ${said.join(', ')}`)
  }
  return first
}

const strange = (what: string) => unknown(`the combined order is of another ${what}`)
