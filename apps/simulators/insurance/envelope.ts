import { createHash } from 'node:crypto'

import { isBusinessDate } from '../../../kernel/time.ts'
import { type Centre, compactTime, type Envelope, newNumber } from './centre.ts'
import { dateTime, oneOf, optional, readFields, text } from './fields.ts'
import { Refusal } from './refusal.ts'
import {
  canonicalWire,
  isWireObject,
  JsonNumber,
  memberOf,
  type Wire,
  type WireObject,
  writeWire,
} from './wire-json.ts'

/**
 * Reads the envelope of a request and refuses what the platform's specification does not allow.
 *
 * Errors: a Refusal that names the field.
 * Source: 医疗保障信息平台定点医药机构接口规范, the common part of the input.
 */
export function readEnvelope(message: Wire, infnoOfUrl: string, admdvs: string): Envelope {
  if (!isWireObject(message)) throw new Refusal('报文', '不是JSON对象')
  const fields = readFields(message, ENVELOPE)
  if (fields.infno !== infnoOfUrl) throw new Refusal('infno', `与请求地址中的${infnoOfUrl}不一致`)
  if (fields.mdtrtarea_admvs !== admdvs) {
    throw new Refusal('mdtrtarea_admvs', `不属于本统筹区${admdvs}`)
  }
  checkMessageId(fields.msgid, fields.fixmedins_code)
  const input = memberOf(message, 'input')
  if (!isWireObject(input)) throw new Refusal('input', '缺少该节点或不是对象')
  // A file does not fit into the general limit, so the upload has its own, that of the whole body.
  if (fields.infno !== '9101' && writeWire(input).length > INPUT_MAX) {
    throw new Refusal('input', `长度超过${INPUT_MAX}`)
  }
  return {
    infno: fields.infno,
    msgid: fields.msgid,
    insuplcAdmdvs: fields.insuplc_admdvs,
    fixmedinsCode: fields.fixmedins_code,
    signNo: fields.sign_no,
    opter: fields.opter,
    opterName: fields.opter_name,
    input,
    fingerprint: fingerprintOf(message),
  }
}

/** The answer's envelope as JSON text. `output` null is no output. */
export function writeAnswer(
  centre: Centre,
  receivedAt: Date,
  result: { output: Wire } | { error: string },
  refMsgid = newNumber(centre, receivedAt),
): string {
  const failed = 'error' in result
  return writeWire({
    infcode: new JsonNumber(failed ? '-1' : '0'),
    inf_refmsgid: refMsgid,
    refmsg_time: compactTime(receivedAt),
    respond_time: compactTime(centre.clock.now()),
    err_msg: failed ? Array.from(result.error).slice(0, ERROR_MAX).join('') : '',
    warn_msg: null,
    cainfo: null,
    signtype: null,
    output: failed ? null : result.output,
  })
}

const ENVELOPE = {
  infno: text(4),
  msgid: text(30),
  mdtrtarea_admvs: text(6),
  insuplc_admdvs: optional(text(6)),
  recer_sys_code: text(10),
  dev_no: optional(text(100)),
  dev_safe_info: optional(text(2000)),
  cainfo: optional(text(1024)),
  signtype: optional(text(10)),
  infver: oneOf('V1.0'),
  opter_type: oneOf('1', '2', '3'),
  opter: text(30),
  opter_name: text(50),
  inf_time: dateTime,
  fixmedins_code: text(12),
  fixmedins_name: text(20),
  sign_no: optional(text(30)),
}

const INPUT_MAX = 40_000
const ERROR_MAX = 200

/** 定点医药机构编号(12) + yyyyMMddHHmmss + four digits, of the hospital that sends it. */
export function checkMessageId(msgid: string, fixmedinsCode: string, field = 'msgid'): void {
  const [, time = ''] = /^.{12}(\d{14})\d{4}$/.exec(msgid) ?? []
  const [, y, m, d, clock = ''] = /^(\d{4})(\d\d)(\d\d)(\d{6})$/.exec(time) ?? []
  const isTime = /^([01]\d|2[0-3])([0-5]\d){2}$/.test(clock)
  if (!isTime || !isBusinessDate(`${y}-${m}-${d}`)) {
    throw new Refusal(field, '应为定点医药机构编号(12)+yyyyMMddHHmmss+4位顺序号，共30位')
  }
  if (!msgid.startsWith(fixmedinsCode)) throw new Refusal(field, '前12位与fixmedins_code不一致')
}

function fingerprintOf(message: WireObject): string {
  const { sign_no: _, ...rest } = message
  return createHash('sha256').update(canonicalWire(rest)).digest('hex')
}
