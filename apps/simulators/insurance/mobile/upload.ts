import { createHash } from 'node:crypto'

import { addFen } from '../../../../kernel/money.ts'
import { randomHex } from '../../../../kernel/random.ts'
import { toShanghaiText } from '../../../../kernel/time.ts'
import { type Call, type Centre, type Member, newNumber } from '../centre.ts'
import { batchSplit, insertLine, resultOf, splitOf } from '../fee-details.ts'
import {
  amount,
  dateTime,
  decimal,
  optional,
  type Read,
  readFields,
  readList,
  text,
} from '../fields.ts'
import { checkActive, checkInsurance, requireByCredential, requireMember } from '../people.ts'
import { Refusal } from '../refusal.ts'
import { figuresOf } from '../settling.ts'
import { insertVisit, otherPersonHas, requireVisit, type Visit, visitKindOf } from '../visits.ts'
import { canonicalWire, memberOf, type WireObject } from '../wire-json.ts'
import type { MobileHandler } from './handler.ts'
import { checkIdentity, findOrderOf } from './orders.ts'
import { amountsOf } from './pay.ts'

/** 6201: the bill, and an order to pay it. The same medOrgOrd brings the same order again. */
export const uploadFees: MobileHandler = (centre, call, node) => {
  const data = readFields(node, UPLOAD)
  const fingerprint = createHash('sha256').update(canonicalWire(node)).digest('hex')
  const known = findOrderOf(centre, call, data.medOrgOrd)
  if (known && known.fingerprint !== fingerprint) {
    throw new Refusal('medOrgOrd', '医疗机构订单号重复，而内容不同')
  }
  if (known) return { payOrdId: known.id, payToken: known.payToken, extData: null }

  if (data.orgCodg !== call.fixmedinsCode) throw new Refusal('orgCodg', '不属于该应用')
  const member = requireHolder(centre, call, data)
  const kind = visitKindOf(call, data.medType, 'outpatient', 'medType')
  const visit = visitOf(centre, call, data)
  addLines(centre, call, node, { visit, batchNo: data.chrgBchno, totalFen: data.medfeeSumamt })
  checkClaims(centre, visit, data)

  const { chrgBchno: batchNo, medType } = data
  const split = batchSplit(centre, visit.id, batchNo)
  if (!split) throw new Refusal('chrgBchno', '收费批次不存在')
  const estimate = figuresOf(centre, call, { visit, member, split, medType, useAccount: true })
  const id = newNumber(centre, call.at)
  const payToken = randomHex(centre.random, TOKEN_BYTES)
  centre.store.run(
    `insert into mobile_order values (?, ?, ?, ?, ?, ?, ?, 'open', 0, null, 0, null, ?, ?, ?)`,
    [
      id,
      payToken,
      call.fixmedinsCode,
      data.medOrgOrd,
      data.psnNo,
      visit.id,
      batchNo,
      toShanghaiText(call.at),
      data.insuCode,
      fingerprint,
    ],
  )
  return {
    payOrdId: id,
    payToken,
    extData: { clrType: kind.clearingType, mdtrtId: visit.id, ...amountsOf(estimate.figures) },
  }
}

type Upload = Read<typeof UPLOAD>

/** Who pays: by a token of the voucher or an authorisation, which must be this person's. */
function requireHolder(centre: Centre, call: Call, data: Upload): Member {
  const member = requireMember(centre, call, data.psnNo, 'psnNo')
  const [field, token] =
    data.ecToken === null ? ['payAuthNo', data.payAuthNo] : ['ecToken', data.ecToken]
  if (token === null) throw new Refusal('ecToken', 'ecToken与payAuthNo必填其一')
  const holder = requireByCredential(centre, { type: '01', no: token }, field ?? 'ecToken')
  if (holder?.person !== member.person) {
    throw new Refusal(field ?? 'ecToken', '授权与人员编号不一致')
  }
  checkIdentity(member, data)
  checkInsurance(member, data.insutype, 'insutype')
  checkActive(member, 'psnNo')
  return member
}

/** That of a 2201, or a new one. */
function visitOf(centre: Centre, call: Call, data: Upload): Visit {
  const ids = { psn_no: data.psnNo, mdtrt_id: data.mdtrtId ?? '' }
  if (data.mdtrtId === null) {
    if (otherPersonHas(centre, call, data.iptOtpNo, data.psnNo)) {
      throw new Refusal('iptOtpNo', '该门诊号已由其他人员使用')
    }
    ids.mdtrt_id = insertVisit(centre, call, {
      visitNo: data.iptOtpNo,
      personNo: data.psnNo,
      insutype: data.insutype,
      place: 'outpatient',
      medType: data.medType,
      credentialType: '01',
      begunAt: data.begntime,
    })
  }
  const { visit } = requireVisit(centre, call, ids, 'mdtrtId')
  if (visit.medType !== null && visit.medType !== data.medType) {
    throw new Refusal('medType', '与就诊信息不一致')
  }
  centre.store.run('update visit set med_type = ? where mdtrt_id = ?', [data.medType, visit.id])
  return { ...visit, medType: data.medType }
}

function addLines(
  centre: Centre,
  _call: Call,
  node: WireObject,
  of: { visit: Visit; batchNo: string; totalFen: Upload['medfeeSumamt'] },
) {
  const list = readList(memberOf(node, 'feedetailList'), LINE, 'feedetailList', LINES_MAX)
  if (addFen(...list.map((line) => line.detItemFeeSumamt)) !== of.totalFen) {
    throw new Refusal('medfeeSumamt', '与费用明细合计不一致')
  }
  for (const [index, given] of list.entries()) {
    const path = `feedetailList[${index}]`
    const line = {
      feedetl_sn: given.feedetlSn,
      mdtrt_id: of.visit.id,
      chrg_bchno: of.batchNo,
      dise_codg: null,
      fee_ocur_time: given.feeOcurTime,
      med_list_codg: given.medListCodg,
      medins_list_codg: given.medinsListCodg,
      det_item_fee_sumamt: given.detItemFeeSumamt,
      cnt: given.cnt,
      pric: given.pric,
    }
    const split = splitOf(centre, line, path)
    const result = resultOf(centre, line, split)
    insertLine(centre, line, { split, path, result, originalSn: null })
  }
}

function checkClaims(centre: Centre, visit: Visit, data: Upload) {
  const split = batchSplit(centre, visit.id, data.chrgBchno)
  const claims = [
    ['fulamtOwnpayAmt', data.fulamtOwnpayAmt, split?.ownFen],
    ['overlmtSelfpay', data.overlmtSelfpay, split?.overLimitFen],
    ['preselfpayAmt', data.preselfpayAmt, split?.firstShareFen],
    ['inscpScpAmt', data.inscpScpAmt, split?.inScopeFen],
  ] as const
  for (const [name, claimed, right] of claims) {
    if (claimed !== null && claimed !== right) throw new Refusal(name, '与中心计算结果不一致')
  }
}

const TOKEN_BYTES = 16
const LINES_MAX = 100

const UPLOAD = {
  ecToken: optional(text(64)),
  payAuthNo: optional(text(64)),
  mdtrtId: optional(text(30)),
  orgCodg: text(12),
  psnNo: text(30),
  insutype: text(6),
  medOrgOrd: text(30),
  begntime: dateTime,
  idNo: text(50),
  userName: text(50),
  idType: text(6),
  insuCode: text(6),
  iptOtpNo: text(30),
  deptName: text(100),
  deptCode: text(30),
  caty: text(6),
  medType: text(6),
  feeType: text(6),
  medfeeSumamt: amount,
  psnSetlway: text(6),
  chrgBchno: text(30),
  pubHospRfomFlag: text(3),
  fulamtOwnpayAmt: optional(amount),
  overlmtSelfpay: optional(amount),
  preselfpayAmt: optional(amount),
  inscpScpAmt: optional(amount),
}

const LINE = {
  feedetlSn: text(30),
  feeOcurTime: dateTime,
  medListCodg: text(50),
  medinsListCodg: text(150),
  detItemFeeSumamt: amount,
  cnt: decimal(16, 4),
  pric: decimal(16, 6),
}
