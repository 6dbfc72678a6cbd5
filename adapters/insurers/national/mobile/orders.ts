import { addFen } from '../../../../kernel/money.ts'
import type { MobileOrder } from '../../../../modules/insurance/index.ts'
import { amountOf, type Fields, optionalTextOf, Unreadable, wholeOf } from '../wire.ts'

/** What 6202 and 6301 answer. Errors: Unreadable for parts that are not the sum, or another order. */
export function orderOf(data: Fields, payOrderId: string): MobileOrder {
  const named = optionalTextOf(data, 'payOrdId')
  if (named !== null && named !== payOrderId) throw new Unreadable('identity: another payOrdId')
  const status = wholeOf(data, 'ordStas')
  const state = stateOf(status)
  // While it is processed there are no amounts, and what stands in their place says nothing.
  const hasAmounts = state !== 'processing' && optionalTextOf(data, 'feeSumamt') !== null
  if (state === 'settled' && !hasAmounts) throw new Unreadable('feeSumamt is missing')
  return {
    payOrderId,
    status,
    state,
    amounts: hasAmounts ? amountsOf(data) : null,
    revokeToken: optionalTextOf(data, 'revsToken'),
  }
}

function amountsOf(data: Fields) {
  const amounts = {
    totalFen: amountOf(data, 'feeSumamt'),
    cashFen: amountOf(data, 'ownPayAmt'),
    accountFen: amountOf(data, 'psnAcctPay'),
    fundFen: amountOf(data, 'fundPay'),
  }
  if (addFen(amounts.cashFen, amounts.accountFen, amounts.fundFen) !== amounts.totalFen) {
    throw new Unreadable('identity: total = cash + account + funds')
  }
  return amounts
}

/** ordStas: 0 to 2 under way, 3 to 6 settled, 7 to 13 taken back, 14 to 16 failed. */
function stateOf(status: number): MobileOrder['state'] {
  if (status <= 2) return 'processing'
  if (status <= 6) return 'settled'
  if (status <= 13) return 'closed'
  if (status <= 16) return 'failed'
  throw new Unreadable(`ordStas ${status} is not in the list`)
}
