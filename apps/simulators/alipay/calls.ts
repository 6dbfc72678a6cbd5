import { agreementQuery, payByAgreement, unsign } from './agreements.ts'
import { issueBill } from './bills.ts'
import type { App, Context } from './context.ts'
import { capture, createVoucher, freezeByBarcode, operationQuery, unfreeze } from './deposits.ts'
import { keyOf, keyOfNew } from './faults.ts'
import { type Content, fieldsOf } from './fields.ts'
import { payByBarcode } from './pay.ts'
import { createTrade, type Placing, precreateTrade } from './place.ts'
import {
  namedTrade,
  cancelTrade,
  closeTrade,
  existingTrade,
  refundQuery,
  refundTrade,
} from './refunds.ts'
import { tradeView } from './trade.ts'

/** What is to be done, under the key a fault plan knows it by. */
export type ApiCall = {
  key: string
  perform: () => Done
  /** What is done instead when the plan says 'lie'; without it the work is undone after the answer. */
  performLie?: () => Done
}

export type Done = { code: '10000' | '10003'; node: object }

type Method = (context: Context, placing: Placing) => ApiCall

/** The methods that are answered to the merchant itself. Reference, section 3. */
export const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['alipay.trade.precreate', placing((context, it) => done(precreateTrade(context, it)))],
  ['alipay.trade.create', placing((context, it) => done(createTrade(context, it)))],
  [
    'alipay.trade.pay',
    placing((context, it) => {
      if ('auth_no' in it.content) return done(capture(context, it))
      if ('agreement_params' in it.content) return done(payByAgreement(context, it))
      return payByBarcode(context, it)
    }),
  ],
  [
    'alipay.trade.query',
    about((context, app, content) => tradeView(context, app, existingTrade(context, app, content))),
  ],
  ['alipay.trade.close', about(closeTrade)],
  ['alipay.trade.cancel', about(cancelTrade)],
  [
    'alipay.trade.refund',
    (context, { app, content }) => {
      const trade = namedTrade(context, app, content)
      const parent = keyOf(context, app.appId, trade?.outTradeNo ?? '')
      const number = fieldsOf(content).optional('out_request_no') || `${parent}/all`
      return {
        key: keyOfNew(context, app.appId, number, `${parent}/refund`),
        perform: () => done(refundTrade(context, app, content)),
      }
    },
  ],
  [
    'alipay.trade.fastpay.refund.query',
    (context, { app, content }) => ({
      key: keyOf(context, app.appId, fieldsOf(content).optional('out_request_no')),
      perform: () => done(refundQuery(context, app, content)),
    }),
  ],
  [
    'alipay.data.dataservice.bill.downloadurl.query',
    (context, { app, content }) => ({
      key: fieldsOf(content).optional('bill_date'),
      perform: () => done(issueBill(context, app, content, false)),
      performLie: () => done(issueBill(context, app, content, true)),
    }),
  ],
  ['alipay.user.agreement.query', agreeing(agreementQuery)],
  ['alipay.user.agreement.unsign', agreeing(unsign)],
  [
    'alipay.fund.auth.order.voucher.create',
    depositing((context, it) => done(createVoucher(context, it))),
  ],
  [
    'alipay.fund.auth.order.freeze',
    depositing((context, it) => done(freezeByBarcode(context, it))),
  ],
  [
    'alipay.fund.auth.order.unfreeze',
    (context, { app, content }) => ({
      key: keyOfNew(context, app.appId, fieldsOf(content).optional('out_request_no'), 'unfreeze'),
      perform: () => done(unfreeze(context, app, content)),
    }),
  ],
  [
    'alipay.fund.auth.operation.detail.query',
    (context, { app, content }) => ({
      key: keyOf(context, app.appId, fieldsOf(content).optional('out_order_no')),
      perform: () => done(operationQuery(context, app, content)),
    }),
  ],
])

/** The methods a payer's device brings: to the page of the wallet, or to the app. */
export const SIGNED_METHODS: ReadonlySet<string> = new Set([
  'alipay.trade.wap.pay',
  'alipay.trade.page.pay',
  'alipay.trade.app.pay',
  'alipay.fund.auth.order.app.freeze',
  'alipay.user.agreement.page.sign',
])

function placing(perform: (context: Context, placing: Placing) => Done): Method {
  return (context, it) => {
    const fields = fieldsOf(it.content)
    const number = fields.text('out_trade_no')
    const subject = fields.text('subject', 256)
    return {
      key: keyOfNew(context, it.app.appId, number, subject),
      perform: () => perform(context, it),
    }
  }
}

function depositing(perform: (context: Context, placing: Placing) => Done): Method {
  return (context, it) => {
    const fields = fieldsOf(it.content, 'ILLEGAL_ARGUMENT')
    const number = fields.text('out_order_no')
    const title = fields.text('order_title', 100)
    return {
      key: keyOfNew(context, it.app.appId, number, title),
      perform: () => perform(context, it),
    }
  }
}

function agreeing(perform: (context: Context, placing: Placing) => object): Method {
  return (context, it) => {
    const fields = fieldsOf(it.content, 'INVALID_PARAMETER')
    const number = fields.optional('external_agreement_no') || fields.optional('agreement_no')
    return {
      key: keyOf(context, it.app.appId, number),
      perform: () => done(perform(context, it)),
    }
  }
}

function about(perform: (context: Context, app: App, content: Content) => object): Method {
  return (context, { app, content }) => {
    const trade = namedTrade(context, app, content)
    const number = trade?.outTradeNo ?? fieldsOf(content).optional('out_trade_no')
    return {
      key: keyOf(context, app.appId, number),
      perform: () => done(perform(context, app, content)),
    }
  }
}

const done = (node: object): Done => ({ code: '10000', node })
