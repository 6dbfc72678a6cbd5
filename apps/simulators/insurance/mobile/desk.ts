import { toShanghaiText } from '../../../../kernel/time.ts'
import { type Call, type Centre, type MobileApp, newNumber } from '../centre.ts'
import { countAttempt } from '../fault-key.ts'
import { Refusal } from '../refusal.ts'
import type { Reply } from '../reply.ts'
import { memberOf, type WireObject, writeWire } from '../wire-json.ts'
import { openMessage, sealAnswer } from './envelope.ts'
import type { MobileHandler } from './handler.ts'
import { findOrder } from './orders.ts'
import { payOrder, queryOrder, revokeOrder } from './pay.ts'
import { refundOrder } from './refund.ts'
import { uploadFees } from './upload.ts'

const OPERATIONS: Readonly<Record<string, { infno: string; handle: MobileHandler }>> = {
  uldFeeInfo: { infno: '6201', handle: uploadFees },
  pay_order: { infno: '6202', handle: payOrder },
  refund_Order: { infno: '6203', handle: refundOrder },
  query_order_info: { infno: '6301', handle: queryOrder },
  revoke_order: { infno: '6401', handle: revokeOrder },
}

/** One message of mobile payment, in one transaction of the database. Null for no such path. */
export function receiveMobile(centre: Centre, operation: string, body: string): Reply | null {
  const known = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined
  if (!known) return null
  return centre.store.transaction(() => {
    try {
      const { hospital, app, data } = openMessage(centre, body)
      const at = centre.clock.now()
      const call: Call = {
        infno: known.infno,
        msgid: newNumber(centre, at),
        insuplcAdmdvs: textAt(data, 'insuCode') || null,
        fixmedinsCode: hospital.insuranceCode,
        signNo: null,
        opter: 'mobile',
        opterName: '移动支付',
        input: data,
        fingerprint: '',
        hospital,
        at,
        refMsgid: '',
      }
      return work(centre, { ...known, call, app, data })
    } catch (error) {
      if (error instanceof Refusal) return plain(error.message)
      throw error
    }
  })
}

type Work = { infno: string; handle: MobileHandler; call: Call; app: MobileApp; data: WireObject }

function work(centre: Centre, { infno, handle, call, app, data }: Work): Reply {
  const key = `${call.fixmedinsCode}/${orderNoOf(centre, data)}`
  const attempt = countAttempt(centre, infno, key)
  const fault = centre.faults({ simulator: 'insurance', operation: infno, key, attempt })
  const timestamp = toShanghaiText(call.at)
  const say = (message: string) =>
    json(sealAnswer(centre, app, { success: false, message, data: null, timestamp }))
  if (fault?.kind === 'refuse') return say('SYS:系统繁忙，请稍后再试')
  if (fault?.kind === 'drop') return CUT
  if (fault?.kind === 'decline') return say(fault.code)
  const reply = perform()
  if (fault?.kind === 'lose_answer') return CUT
  if (fault?.kind === 'garble')
    return { ...reply, contentType: 'text/html', body: '<html>502</html>' }
  return fault?.kind === 'slow' ? { ...reply, delayMs: fault.ms } : reply

  function perform(): Reply {
    let output: WireObject = {}
    try {
      centre.store.transaction(() => {
        output = handle(centre, call, data, fault)
        if (fault?.kind === 'lie' && infno === '6202') throw LIE
      })
    } catch (error) {
      if (error instanceof Refusal) return say(error.message)
      if (error !== LIE) throw error
    }
    return json(
      sealAnswer(centre, app, { success: true, message: '成功', data: output, timestamp }),
    )
  }
}

/** The hospital's own number of the order, which is the same in every run of a seed. */
function orderNoOf(centre: Centre, data: WireObject): string {
  const own = textAt(data, 'medOrgOrd')
  return own || (findOrder(centre, textAt(data, 'payOrdId'))?.medOrgOrd ?? '')
}

function textAt(data: WireObject, name: string): string {
  const value = memberOf(data, name)
  return typeof value === 'string' ? value : ''
}

/** Who signed nothing is answered nothing signed. */
const plain = (message: string): Reply => json(writeWire({ success: false, code: '-1', message }))

const json = (body: string): Reply => ({
  status: 200,
  contentType: 'application/json; charset=utf-8',
  body,
  delayMs: 0,
})

const CUT: Reply = { status: 0, contentType: '', body: null, delayMs: 0 }
const LIE = new Error('what a lie did is undone')
