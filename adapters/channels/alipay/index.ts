import type { Channel } from '../../../modules/payments/index.ts'
import { createAgreements } from './agreements.ts'
import { type ClientDeps, createClient } from './client.ts'
import { readNotice } from './notices.ts'
import { createCharge, createQuery } from './orders.ts'
import { type AlipayParams, toAccount } from './params.ts'
import { createRefunds } from './refunds.ts'
import { createRelease } from './release.ts'
import { createStatements } from './statements.ts'

export {
  type AlipayDeposits,
  type CaptureOrder,
  createAlipayDeposits,
  type Deposit,
  type DepositMethod,
  type DepositOrder,
  type FreezeAnswer,
  type UnfreezeAnswer,
  type UnfreezeOrder,
} from './deposits.ts'
export { type AlipayParams, readAlipayParams } from './params.ts'

/**
 * Alipay's open platform, by the gateway of its version 2: the payer pays in the mini-program, by scanning our code or
 * showing theirs, on a page, in an app, or by an agreement. Keeps no state; every verb may be asked again.
 *
 * Units: yuan with two decimals on the wire and in the bills. `timeoutMs` is for one answer of the gateway; a call may
 * ask several times.
 * Errors: params come from readAlipayParams; keys that are none throw here.
 * Source: Alipay open platform, 当面付, JSAPI 支付, 手机网站支付, APP 支付, 商家扣款, 账单, 异步通知.
 */
export function createAlipay(params: AlipayParams, deps: ClientDeps): Channel {
  const account = toAccount(params)
  const client = createClient(account, deps)
  const query = createQuery(account, client)
  const { release, cancel } = createRelease(account, client, query, deps)
  return {
    name: 'alipay',
    phase: 'payer',
    methods: account.methods,
    noticeReply: { status: 200, contentType: 'text/plain', body: 'success' },
    ...createCharge(account, client, query, cancel),
    query,
    release,
    ...createRefunds(client),
    ...createStatements(account, client, deps),
    readNotice: (notice) => readNotice(account, notice),
    ...(account.agreements
      ? { agreements: createAgreements(account, account.agreements, client) }
      : {}),
  }
}
