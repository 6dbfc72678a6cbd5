import { ApiError } from '../api-error.ts'
import { keyOfNewOrder, keyOfOrder } from '../faults.ts'
import { readPathNumber, readQuery } from '../fields.ts'
import { json, type Route } from '../route.ts'
import { findByMixTradeNo, findInsuranceOrder, insuranceView } from './insurance-order.ts'
import { noteReturn, placeInsuranceOrder } from './insurance-orders.ts'
import { readInsuranceRequest, readReturnNotice } from './request.ts'

const PATH = '/v3/med-ins/orders'

/** 医保混合支付: the reference, section 6. */
export const INSURANCE_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    url: PATH,
    read(context, { merchant, body, sealedWith }) {
      const request = readInsuranceRequest(body)
      const { out_trade_no: no, serial_no: serial } = request
      return {
        operation: `POST ${PATH}`,
        key: keyOfNewOrder(context, merchant.mchid, no, serial),
        perform: () =>
          json(insuranceView(placeInsuranceOrder(context, merchant, request, sealedWith))),
      }
    },
  },
  {
    method: 'GET',
    url: `${PATH}/out-trade-no/:out_trade_no`,
    read(context, { merchant: { mchid }, params, target }) {
      readQuery(target, {})
      const outTradeNo = readPathNumber(params, 'out_trade_no')
      return {
        operation: `GET ${PATH}`,
        key: keyOfOrder(context, mchid, outTradeNo),
        perform() {
          const order = findInsuranceOrder(context, mchid, outTradeNo)
          if (!order) throw new ApiError('mixed_not_exist')
          return json(insuranceView(order))
        },
      }
    },
  },
  {
    method: 'GET',
    url: `${PATH}/mix-trade-no/:mix_trade_no`,
    read(context, { merchant: { mchid }, params, target }) {
      readQuery(target, {})
      const found = findByMixTradeNo(context, readPathNumber(params, 'mix_trade_no'))
      const order = found?.mchid === mchid ? found : null
      return {
        operation: `GET ${PATH}`,
        key: keyOfOrder(context, mchid, order?.outTradeNo ?? ''),
        perform() {
          if (!order) throw new ApiError('mixed_not_exist')
          return json(insuranceView(order))
        },
      }
    },
  },
  {
    method: 'POST',
    url: '/v3/med-ins/refunds/notify',
    read(context, { merchant, target, body }) {
      const query = readQuery(target, {
        mix_trade_no: { required: true, pattern: /^[0-9A-Za-z]{1,32}$/ },
      })
      const notice = readReturnNotice(body)
      const mixTradeNo = query.mix_trade_no ?? ''
      const outTradeNo = findByMixTradeNo(context, mixTradeNo)?.outTradeNo ?? ''
      return {
        operation: 'POST /v3/med-ins/refunds/notify',
        key: keyOfOrder(context, merchant.mchid, outTradeNo),
        perform() {
          noteReturn(context, merchant, mixTradeNo, notice)
          return { type: 'empty' }
        },
      }
    },
  },
]
