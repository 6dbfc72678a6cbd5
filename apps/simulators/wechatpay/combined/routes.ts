import { ApiError } from '../api-error.ts'
import { keyOfNewOrder, keyOfOrder } from '../faults.ts'
import { readPathNumber, readQuery } from '../fields.ts'
import type { PlacedType } from '../order-request.ts'
import { json, type Route } from '../route.ts'
import { combinedView, findCombined } from './combined-order.ts'
import { closeCombined, placeCombined } from './combined-orders.ts'
import { readCombinedClose, readCombinedRequest } from './request.ts'

const PATH = '/v3/combine-transactions'

/** 合单支付. A part is refunded by the call for any order. */
export const COMBINED_ROUTES: readonly Route[] = [
  placing('JSAPI', `${PATH}/jsapi`, 'prepay_id'),
  placing('NATIVE', `${PATH}/native`, 'code_url'),
  placing('MWEB', `${PATH}/h5`, 'h5_url'),
  placing('APP', `${PATH}/app`, 'prepay_id'),
  {
    method: 'GET',
    url: `${PATH}/out-trade-no/:combine_out_trade_no`,
    read(context, { merchant: { mchid }, params, target }) {
      readQuery(target, {})
      const outTradeNo = readPathNumber(params, 'combine_out_trade_no')
      return {
        operation: `GET ${PATH}/out-trade-no`,
        key: keyOfOrder(context, mchid, outTradeNo),
        perform() {
          const combined = findCombined(context, mchid, outTradeNo)
          if (!combined) throw new ApiError('order_not_exist')
          return json(combinedView(combined))
        },
      }
    },
  },
  {
    method: 'POST',
    url: `${PATH}/out-trade-no/:combine_out_trade_no/close`,
    read(context, { merchant, params, body }) {
      const request = readCombinedClose(body)
      const outTradeNo = readPathNumber(params, 'combine_out_trade_no')
      return {
        operation: `POST ${PATH} close`,
        key: keyOfOrder(context, merchant.mchid, outTradeNo),
        perform() {
          closeCombined(context, merchant, outTradeNo, request)
          return { type: 'empty' }
        },
      }
    },
  },
]

function placing(tradeType: PlacedType, url: string, answered: string): Route {
  return {
    method: 'POST',
    url,
    read(context, { merchant, body }) {
      const request = readCombinedRequest(body, tradeType)
      const { combine_out_trade_no: no, sub_orders: parts } = request
      const description = parts.map((part) => part.description).join('、')
      // The parts are named as well, so that faults can strike their refunds.
      for (const part of parts) {
        keyOfNewOrder(context, part.mchid, part.out_trade_no, part.description)
      }
      return {
        operation: `POST ${url}`,
        key: keyOfNewOrder(context, merchant.mchid, no, description),
        perform: () => json({ [answered]: placeCombined(context, merchant, tradeType, request) }),
      }
    },
  }
}
