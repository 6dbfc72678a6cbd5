import { toYuanText } from '../../../../kernel/money.ts'
import { toShanghaiText } from '../../../../kernel/time.ts'
import type {
  CentreAnswer,
  CentreCall,
  MobileCentre,
  MobileConsent,
  MobileOrder,
  MobileOrderKey,
  MobilePerson,
} from '../../../../modules/insurance/index.ts'
import type { Heard } from '../../../../platform/outgoing/hear.ts'
import { SAYS_VOUCHER_EXPIRED } from '../profile.ts'
import { redactText } from '../redact.ts'
import { parseJson, send, type TransportDeps } from '../transport.ts'
import { type Fields, optionalTextOf, textOf, Unreadable } from '../wire.ts'
import { feesOf } from './fees.ts'
import { orderOf } from './orders.ts'
import { type MobileInsuranceParams, schemeKeysOf } from './params.ts'
import { openBody, sealBody } from './scheme.ts'
import { createVoucher } from './voucher.ts'

export { type MobileInsuranceParams, readMobileInsuranceParams } from './params.ts'

/** 医保移动支付. Paths and fields as published for 6201 to 6401; amounts are texts in yuan. */
export function createMobileInsurance(
  params: MobileInsuranceParams,
  deps: TransportDeps,
): MobileCentre {
  const { fixmedinsCode: orgCodg } = params
  const ask = createAsk(params, deps)
  return {
    uploadMobileFees: (call, fees) =>
      ask(call, OPERATIONS.upload, feesOf(orgCodg, fees), (data) => ({
        payOrderId: textOf(data, 'payOrdId'),
        payToken: textOf(data, 'payToken'),
      })),
    payMobile: (call, payment) =>
      ask(
        call,
        OPERATIONS.pay,
        {
          ...keyOf(payment),
          payAuthNo: payment.payAuthNo,
          orgCodg,
          orgBizSer: payment.requestNo,
          chrgBchno: payment.batchNo,
          feeType: payment.feeType,
          mdtrtId: payment.mdtrtId,
          acctUsedFlag: payment.useAccount ? '1' : '0',
        },
        (data) => ofTotal(orderOf(data, payment.payOrderId), payment.totalFen),
      ),
    mobileOrder: (call, order) =>
      ask(call, OPERATIONS.query, { ...keyOf(order), orgCodg, ...personOf(order) }, (data) =>
        orderOf(data, order.payOrderId),
      ),
    refundMobile: (call, refund) =>
      ask(
        call,
        OPERATIONS.refund,
        {
          payOrdId: refund.payOrderId,
          appRefdSn: refund.refundNo,
          appRefdTime: toShanghaiText(refund.at).replaceAll(/\D/g, ''),
          totlRefdAmt: toYuanText(refund.totalFen),
          psnAcctRefdAmt: toYuanText(refund.accountFen),
          fundRefdAmt: toYuanText(refund.fundFen),
          cashRefdAmt: toYuanText(refund.cashFen),
          ...consentOf(refund.consent),
          refdType: REFUND_TYPES[refund.scope],
        },
        (data) => ({ state: refundStateOf(textOf(data, 'refStatus')) }),
      ),
    revokeMobile: (call, order) =>
      ask(call, OPERATIONS.revoke, { ...keyOf(order), orgCodg, ...personOf(order) }, () => ({
        revoked: true,
      })),
    decodeVoucher: createVoucher(params, deps),
  }
}

const OPERATIONS = {
  upload: { infno: '6201', title: '费用明细上传', path: 'uldFeeInfo' },
  pay: { infno: '6202', title: '支付下单', path: 'pay_order' },
  refund: { infno: '6203', title: '医保退费', path: 'refund_Order' },
  query: { infno: '6301', title: '订单结果查询', path: 'query_order_info' },
  revoke: { infno: '6401', title: '订单撤销', path: 'revoke_order' },
} as const

type Operation = (typeof OPERATIONS)[keyof typeof OPERATIONS]

function createAsk(params: MobileInsuranceParams, { clock, timeoutMs }: TransportDeps) {
  const root = `${params.baseUrl.replace(/\/+$/, '')}/org/local/api/hos`
  const keys = schemeKeysOf(params)
  return async <T>(
    call: CentreCall,
    { infno, title, path }: Operation,
    data: Fields,
    read: (data: Fields) => T,
  ): Promise<CentreAnswer<T>> => {
    const startedAt = clock.now()
    const heard = await send(`${root}/${path}`, sealBody(keys, data, toShanghaiText(startedAt)), {
      headers: {},
      signal: call.signal,
      limitMs: timeoutMs,
    })
    const secrets = SECRET_FIELDS.map((name) => optionalTextOf(data, name) ?? '')
    const answer = judge(heard, secrets, (json) => openBody(keys, json), read)
    call.trace({
      system: 'insurance',
      operation: `${infno} ${title}`,
      direction: 'out',
      request: shown(data),
      response: 'silence' in heard ? '' : `status ${heard.status}, ${heard.bytes.length} bytes`,
      outcome: outcomeText(answer),
      startedAt,
      durationMs: Math.max(0, clock.now().getTime() - startedAt.getTime()),
    })
    return answer
  }
}

const SECRET_FIELDS = ['idNo', 'userName', 'ecToken', 'payAuthNo', 'payToken']

function judge<T>(
  heard: Heard,
  secrets: readonly string[],
  open: (json: unknown) => { outer: Fields; data: Fields },
  read: (data: Fields) => T,
): CentreAnswer<T> {
  if ('silence' in heard) return { outcome: 'unknown', reason: heard.silence }
  if (heard.status !== 200) return { outcome: 'unknown', reason: `HTTP ${heard.status}` }
  try {
    const { outer, data } = open(parseJson(heard.bytes))
    if (outer['success'] === true || String(outer['code']) === '0') {
      return { outcome: 'ok', data: read(data) }
    }
    const message = redactText(optionalTextOf(outer, 'message') ?? 'no reason given', secrets)
    if (message.startsWith(BROKEN)) return { outcome: 'unknown', reason: message }
    return SAYS_VOUCHER_EXPIRED.test(message)
      ? { outcome: 'refused', message, code: 'voucher_expired' }
      : { outcome: 'refused', message }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { outcome: 'unknown', reason: error.message }
  }
}

/** With this begins the message of a platform that failed itself: it has decided nothing. */
const BROKEN = 'SYS:'

// Numbers of ours and amounts; nothing of a person.
const SHOWN =
  `payOrdId orgCodg medOrgOrd orgBizSer chrgBchno feeType mdtrtId medType medfeeSumamt acctUsedFlag
  appRefdSn totlRefdAmt psnAcctRefdAmt fundRefdAmt cashRefdAmt refdType`.split(/\s+/)

const shown = (data: Fields): string =>
  JSON.stringify(Object.fromEntries(SHOWN.filter((name) => name in data).map((n) => [n, data[n]])))

function outcomeText(answer: CentreAnswer<unknown>): string {
  if (answer.outcome === 'ok') return 'ok'
  return answer.outcome === 'refused' ? `refused: ${answer.message}` : `unknown: ${answer.reason}`
}

function ofTotal(order: MobileOrder, totalFen: number): MobileOrder {
  if (order.amounts && order.amounts.totalFen !== totalFen) {
    throw new Unreadable('identity: another total than was ordered')
  }
  return order
}

function refundStateOf(refStatus: string): 'done' | 'failed' | 'in_doubt' {
  if (refStatus === 'SUCC') return 'done'
  return refStatus === 'FAIL' ? 'failed' : 'in_doubt'
}

const REFUND_TYPES = { all: 'ALL', cash: 'CASH', insurance: 'HI' } as const

const keyOf = ({ payOrderId, payToken }: MobileOrderKey) => ({ payOrdId: payOrderId, payToken })

const personOf = ({ idNo, name, idType }: MobilePerson) => ({ idNo, userName: name, idType })

const consentOf = (consent: MobileConsent) =>
  consent.kind === 'voucher' ? { ecToken: consent.token } : { payAuthNo: consent.payAuthNo }
