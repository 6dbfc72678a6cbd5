import type { His } from '../../../apps/simulators/his/context.ts'
import { readFields, text, yuan } from '../../../apps/simulators/his/faces/fields.ts'
import { doCall, replyOf } from '../../../apps/simulators/his/faulty.ts'
import {
  type HisSimulator,
  type HospitalOptions,
  openHospital,
} from '../../../apps/simulators/his/hospital.ts'
import {
  type Face,
  type FaceRequest,
  reply,
  type Reply,
} from '../../../apps/simulators/his/http.ts'
import { takeNonce } from '../../../apps/simulators/his/memory.ts'
import type { Answer } from '../../../apps/simulators/his/protocol.ts'
import { MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import { SERVICES } from './services.ts'
import { type Flat, readForm, signatureOf, writeOut } from './wire.ts'
import { CODES, moment, toldOf } from './words.ts'

export type UnseenOptions = HospitalOptions & { institution: string; key: string }

/** A hospital that speaks vendor-document.md, with books of its own. */
export const startUnseenHis = (options: UnseenOptions): Promise<HisSimulator> =>
  openHospital(options, (his) => ({ face: faceOf(his, options), hub: null }))

const PATH = '/rhcgi/trans'
const MAX_SKEW_MS = 10 * MINUTE_MS
const WRONG_FIELD = '1001'
const NOT_SIGNED = '1002'
const NO_SUCH_TRADE = '1003'
const UNKNOWN_REFUND = '2108'
const DONE_BEFORE = '0001'

const COMMON = {
  JYDM: text(4),
  YLJGDM: text(20),
  CZYH: text(10),
  JYSJ: moment,
  JYLSH: text(40),
  QMZ: text(32),
}

function faceOf(his: His, { faults, institution, key }: UnseenOptions): Face {
  return { owns: (path) => path.split('?')[0] === PATH, answer }

  function answer({ method, headers, body }: FaceRequest): Reply {
    const type = headers['content-type'] ?? ''
    const form = method === 'POST' && body ? readForm(body, type) : null
    if (!form) return refuse('', WRONG_FIELD, '请以 GB18030 编码提交表单')
    const trade = form['JYDM'] ?? ''
    if (signatureOf(form, key) !== form['QMZ']) return refuse(trade, NOT_SIGNED, '签名不对')
    const [common, own] = parted(form)
    const read = readFields(COMMON, common)
    if ('problem' in read) return refuse(trade, WRONG_FIELD, read.problem)
    if (read.values.YLJGDM !== institution) return refuse(trade, WRONG_FIELD, 'YLJGDM 不是本院')
    const skewMs = Math.abs(read.values.JYSJ.getTime() - his.clock.now().getTime())
    if (skewMs > MAX_SKEW_MS) return refuse(trade, WRONG_FIELD, 'JYSJ 相差超过 10 分钟')
    const sentAt = Math.floor(read.values.JYSJ.getTime() / SECOND_MS)
    const stamp = { keyId: institution, nonce: read.values.JYLSH, timestamp: sentAt }
    const isNew = takeNonce(his.store, stamp, sentAt - (2 * MAX_SKEW_MS) / SECOND_MS)
    if (!isNew) return refuse(trade, WRONG_FIELD, 'JYLSH 用过了')
    return serve(trade, own)
  }

  function serve(trade: string, own: Flat): Reply {
    const called = Object.hasOwn(SERVICES, trade) ? SERVICES[trade] : undefined
    if (!called) return refuse(trade, NO_SUCH_TRADE, '没有这个交易')
    const ready = called(his, own)
    if ('problem' in ready) return refuse(trade, WRONG_FIELD, ready.problem)
    const before = answersOf(his)
    const delivery = doCall(his, faults, ready.operation, ready.call)
    const isBefore = KEYED.has(trade) && answersOf(his) === before
    return replyOf(delivery, (told) => sentOf(outOf(trade, told, isBefore)))
  }

  function refuse(trade: string, code: string, message: string): Reply {
    return reply(sentOf({ JYDM: trade, CWDM: code, CWXX: message }))
  }

  function sentOf(fields: Flat) {
    return { status: 200, type: 'text/xml; charset=GB18030', body: writeOut(fields, key) }
  }
}

/** Trades with a number of their own: done again they say 0001. */
const KEYED = new Set(['1202', '2101', '2102', '2201', '2202', '2203'])

const answersOf = ({ store }: His): number =>
  store.get<{ count: number }>('select count(*) as count from answered')?.count ?? 0

function outOf(trade: string, told: Answer, isBefore: boolean): Flat {
  const head = { JYDM: trade, CWDM: codeOf(told, isBefore), CWXX: told.message || '成功' }
  return told.code === 'OK' ? { ...head, ...told.data } : { ...head, ...toldOf(told, yuan) }
}

function codeOf({ code }: Answer, isBefore: boolean): string {
  if (code === 'REFUND_UNKNOWN') return UNKNOWN_REFUND
  return code === 'OK' && isBefore ? DONE_BEFORE : (CODES[code] ?? '9999')
}

function parted(form: Flat): [Flat, Flat] {
  const isCommon = ([name]: [string, string]) => Object.hasOwn(COMMON, name)
  const all = Object.entries(form)
  const own = all.filter((each) => !isCommon(each))
  return [Object.fromEntries(all.filter(isCommon)), Object.fromEntries(own)]
}
