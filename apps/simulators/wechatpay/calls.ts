import { ApiError } from './api-error.ts'
import { issueFundFlowBill, issueTradeBill, readBillFile } from './bills.ts'
import { certificatesView } from './certificates.ts'
import { COMBINED_ROUTES } from './combined/routes.ts'
import type { Merchant } from './context.ts'
import { keyOfNewOrder, keyOfNewRefund, keyOfOrder, keyOfRefund } from './faults.ts'
import { checkFields, readPathNumber, readQuery } from './fields.ts'
import { INSURANCE_ROUTES } from './insurance/routes.ts'
import { type PlacedType, readOrderRequest } from './order-request.ts'
import { findOrder, findOrderByTransaction, transactionView } from './order.ts'
import { closeOrder, placeOrder } from './orders.ts'
import { readRedirectRequest, redirectRefund } from './redirect-refund.ts'
import { readRefundRequest } from './refund-request.ts'
import { findRefund, refundView } from './refund.ts'
import { requestRefund } from './refunds.ts'
import { type ApiRequest, existing, json, type Route } from './route.ts'
import type { BillType } from './trade-bill.ts'

/** Every call of the protocol that the simulator serves: the reference, section 2. */
export const ROUTES: readonly Route[] = [
  placing('JSAPI', '/v3/pay/transactions/jsapi', 'prepay_id'),
  placing('NATIVE', '/v3/pay/transactions/native', 'code_url'),
  placing('MWEB', '/v3/pay/transactions/h5', 'h5_url'),
  placing('APP', '/v3/pay/transactions/app', 'prepay_id'),
  {
    method: 'GET',
    url: '/v3/pay/transactions/out-trade-no/:out_trade_no',
    read(context, request) {
      const { mchid } = ownMchid(request)
      const outTradeNo = readPathNumber(request.params, 'out_trade_no')
      return {
        operation: 'GET /v3/pay/transactions/out-trade-no',
        key: keyOfOrder(context, mchid, outTradeNo),
        perform: () => json(transactionView(existing(findOrder(context, mchid, outTradeNo)))),
      }
    },
  },
  {
    method: 'GET',
    url: '/v3/pay/transactions/id/:transaction_id',
    read(context, request) {
      const { mchid } = ownMchid(request)
      const order = findOrderByTransaction(
        context,
        mchid,
        readPathNumber(request.params, 'transaction_id'),
      )
      return {
        operation: 'GET /v3/pay/transactions/id',
        key: keyOfOrder(context, mchid, order?.outTradeNo ?? ''),
        perform: () => json(transactionView(existing(order))),
      }
    },
  },
  {
    method: 'POST',
    url: '/v3/pay/transactions/out-trade-no/:out_trade_no/close',
    read(context, { merchant, params, body }) {
      checkFields(body, {
        type: 'object',
        fields: { mchid: { type: 'string', max: 32, required: true } },
      })
      if ((body as { mchid: string }).mchid !== merchant.mchid) {
        throw new ApiError('merchant_mismatch')
      }
      const outTradeNo = readPathNumber(params, 'out_trade_no')
      return {
        operation: 'POST close',
        key: keyOfOrder(context, merchant.mchid, outTradeNo),
        perform() {
          closeOrder(context, merchant, outTradeNo)
          return { type: 'empty' }
        },
      }
    },
  },
  {
    method: 'POST',
    url: '/v3/refund/domestic/refunds',
    read(context, { merchant, body }) {
      const request = readRefundRequest(body)
      const { mchid } = merchant
      const outTradeNo =
        request.out_trade_no ??
        findOrderByTransaction(context, mchid, request.transaction_id ?? '')?.outTradeNo ??
        ''
      const orderKey = keyOfOrder(context, mchid, outTradeNo)
      return {
        operation: 'POST /v3/refund/domestic/refunds',
        key: keyOfNewRefund(context, mchid, request.out_refund_no, orderKey),
        perform() {
          const refund = requestRefund(context, merchant, request)
          return json(refundView(existing(findOrder(context, mchid, refund.outTradeNo)), refund))
        },
      }
    },
  },
  {
    method: 'GET',
    url: '/v3/refund/domestic/refunds/:out_refund_no',
    read(context, { merchant: { mchid }, params, target }) {
      readQuery(target, {})
      const outRefundNo = readPathNumber(params, 'out_refund_no')
      return {
        operation: 'GET refund',
        key: keyOfRefund(context, mchid, outRefundNo),
        perform() {
          const refund = findRefund(context, mchid, outRefundNo)
          if (!refund) throw new ApiError('resource_not_exists', '退款单不存在')
          return json(refundView(existing(findOrder(context, mchid, refund.outTradeNo)), refund))
        },
      }
    },
  },
  {
    method: 'POST',
    url: '/v3/refund/domestic/refunds/:refund_id/apply-abnormal-refund',
    read(context, { merchant, params, body, sealedWith }) {
      const request = readRedirectRequest(context, body, sealedWith)
      const refundId = readPathNumber(params, 'refund_id')
      return {
        operation: 'POST apply-abnormal-refund',
        key: keyOfRefund(context, merchant.mchid, request.out_refund_no),
        perform() {
          const refund = redirectRefund(context, merchant, refundId, request)
          const order = findOrder(context, merchant.mchid, refund.outTradeNo)
          return json(refundView(existing(order), refund))
        },
      }
    },
  },
  {
    method: 'GET',
    url: '/v3/bill/tradebill',
    read(context, { merchant, target }) {
      const query = readQuery(target, {
        bill_date: { required: true, pattern: DATE },
        bill_type: { required: false, pattern: /^(ALL|SUCCESS|REFUND)$/ },
        tar_type: { required: false, pattern: /^GZIP$/ },
      })
      const date = query.bill_date ?? ''
      const type = (query.bill_type ?? 'ALL') as BillType
      const perform = (isLie: boolean) => () =>
        json(issueTradeBill(context, merchant, { date, type, isGzip: !!query.tar_type, isLie }))
      return {
        operation: 'GET /v3/bill/tradebill',
        key: `${date}/${type}`,
        perform: perform(false),
        performLie: perform(true),
      }
    },
  },
  {
    method: 'GET',
    url: '/v3/bill/fundflowbill',
    read(context, { merchant, target }) {
      const query = readQuery(target, {
        bill_date: { required: true, pattern: DATE },
        account_type: { required: false, pattern: /^(BASIC|OPERATION|FEES)$/ },
        tar_type: { required: false, pattern: /^GZIP$/ },
      })
      const date = query.bill_date ?? ''
      const account = query.account_type ?? 'BASIC'
      return {
        operation: 'GET /v3/bill/fundflowbill',
        key: `${date}/${account}`,
        perform: () =>
          json(issueFundFlowBill(context, merchant, { date, account, isGzip: !!query.tar_type })),
      }
    },
  },
  {
    method: 'GET',
    url: '/v3/billdownload/file',
    read(context, { merchant, target }) {
      const { token } = readQuery(target, { token: { required: true, pattern: /^[0-9a-f]{32}$/ } })
      return {
        operation: 'GET /v3/billdownload/file',
        key: 'bill',
        perform: () => ({ type: 'file', ...readBillFile(context, merchant, token ?? '') }),
      }
    },
  },
  {
    method: 'GET',
    url: '/v3/certificates',
    read: (context, { merchant, target }) => {
      const query = readQuery(target, {
        algorithm_type: { required: false, pattern: /^(RSA|SM2|ALL)$/ },
      })
      return {
        operation: 'GET /v3/certificates',
        key: 'certificates',
        perform: () => json(certificatesView(context, merchant, query.algorithm_type)),
      }
    },
  },
  ...COMBINED_ROUTES,
  ...INSURANCE_ROUTES,
]

const DATE = /^\d{4}-\d{2}-\d{2}$/

function placing(tradeType: PlacedType, url: string, answered: string): Route {
  return {
    method: 'POST',
    url,
    read(context, { merchant, body }) {
      const request = readOrderRequest(body, tradeType)
      const { out_trade_no: outTradeNo, description } = request
      return {
        operation: `POST ${url}`,
        key: keyOfNewOrder(context, merchant.mchid, outTradeNo, description),
        perform() {
          return json({ [answered]: placeOrder(context, merchant, tradeType, request) })
        },
      }
    },
  }
}

/** An order is asked for with ?mchid=, which must be the signer's own. */
function ownMchid({ merchant, target }: ApiRequest): Merchant {
  const { mchid } = readQuery(target, { mchid: { required: true, pattern: /^.{1,32}$/ } })
  if (mchid !== merchant.mchid) throw new ApiError('merchant_mismatch')
  return merchant
}
