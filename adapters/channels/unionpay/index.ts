import type { Channel } from '../../../modules/payments/index.ts'
import { createChargeQuery } from './charge-query.ts'
import { createCharges } from './charges.ts'
import { createClient } from './client.ts'
import { readNotice } from './notices.ts'
import { type AdapterDeps, toAccount, type UnionPayParams } from './params.ts'
import { createRefunds } from './refunds.ts'
import { createReleases } from './releases.ts'
import { createStatements } from './statements.ts'

export { readUnionPayParams, type UnionPayParams } from './params.ts'

/**
 * UnionPay's 全渠道 platform, ACP 5.1.0, of a direct merchant: the payer pays on UnionPay's page, by scanning a code, by
 * showing one, or in an app. Keeps no state; every verb may be asked again.
 *
 * Units: fen on the wire and in the files. `timeoutMs` is for one answer; a call may ask twice.
 * Errors: params come from readUnionPayParams; keys that are none throw here.
 * Source: UnionPay 全渠道平台接入接口规范 5.1.0: 网关支付, 手机支付控件, 二维码支付, 文件接口, 应答码.
 */
export function createUnionPay(params: UnionPayParams, deps: AdapterDeps): Channel {
  const account = toAccount(params)
  const client = createClient(account, deps)
  const charges = createChargeQuery(client, deps)
  return {
    name: 'unionpay',
    phase: 'payer',
    methods: account.methods,
    noticeReply: { status: 200, contentType: 'text/plain', body: 'ok' },
    ...createCharges(account, client, charges),
    query: (call, order) => charges.query(call, order),
    ...createReleases(account, client, charges, deps),
    ...createRefunds(account, client, deps),
    ...createStatements(account, client, deps),
    readNotice: (notice) => readNotice(account, deps, notice),
  }
}
