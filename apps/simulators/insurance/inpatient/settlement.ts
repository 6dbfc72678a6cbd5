import type { Call, Centre, Handler } from '../centre.ts'
import { batchSplit } from '../fee-details.ts'
import { amount, oneOf, optional, readFields, text } from '../fields.ts'
import { checkActive, checkCredential, checkInsurance, credentialType } from '../people.ts'
import { Refusal } from '../refusal.ts'
import { answerOf, bookSettlement, figuresOf, type Quote } from '../settling.ts'
import { visitKindOf } from '../visits.ts'
import { memberOf } from '../wire-json.ts'
import { STAY_BATCH } from './fee-lines.ts'
import { refuseSettled, requireStay } from './stays.ts'

/** 2303: what 2304 would come to now, also before the discharge. Changes nothing. */
export const presettleStay: Handler = (centre, call) =>
  answerOf(centre, call, quoteOf(centre, call).quote, null)

/** 2304. A deposit is the hospital's and the person's affair: the centre knows of none. */
export const settleStay: Handler = (centre, call) => {
  const { quote, dischargedAt } = quoteOf(centre, call)
  if (dischargedAt === null) throw new Refusal('data.mdtrt_id', '未办理出院(2402)，不能结算')
  return answerOf(centre, call, quote, bookSettlement(centre, call, quote))
}

function quoteOf(centre: Centre, call: Call): { quote: Quote; dischargedAt: string | null } {
  const data = readFields(memberOf(call.input, 'data'), SETTLE, 'data')
  const { visit, member, dischargedAt } = requireStay(centre, call, data, 'data')
  if (data.insutype !== null) checkInsurance(member, data.insutype)
  if (data.mdtrt_cert_no !== null) {
    checkCredential(centre, member, { type: data.mdtrt_cert_type, no: data.mdtrt_cert_no })
  }
  checkActive(member)
  if (data.mid_setl_flag === '1') throw new Refusal('data.mid_setl_flag', '不支持中途结算')
  if (data.psn_setlway !== '01') throw new Refusal('data.psn_setlway', '只支持01按项目结算')
  refuseSettled(centre, visit, 'data.mdtrt_id')
  const split = batchSplit(centre, visit.id, STAY_BATCH)
  if (!split) throw new Refusal('data.mdtrt_id', '没有费用明细')

  const medType = visit.medType ?? ''
  const useAccount = data.acct_used_flag === '1'
  const paid = figuresOf(centre, call, { visit, member, split, medType, useAccount })
  if (paid.figures.totalFen === 0) throw new Refusal('data.medfee_sumamt', '应大于0')
  if (paid.figures.totalFen !== data.medfee_sumamt) {
    throw new Refusal('data.medfee_sumamt', '与上传明细合计不一致')
  }
  const kind = visitKindOf(call, medType, 'inpatient', 'data.mdtrt_id')
  return {
    dischargedAt,
    quote: {
      ...paid,
      visit,
      member,
      medType,
      batchNo: STAY_BATCH,
      clearingType: kind.clearingType,
      credentialType: data.mdtrt_cert_type,
      invoiceNo: data.invono,
    },
  }
}

const SETTLE = {
  psn_no: text(30),
  mdtrt_cert_type: credentialType,
  mdtrt_cert_no: optional(text(50)),
  medfee_sumamt: amount,
  psn_setlway: text(6),
  mdtrt_id: text(30),
  acct_used_flag: optional(oneOf('0', '1')),
  insutype: optional(text(6)),
  invono: optional(text(20)),
  mid_setl_flag: optional(oneOf('0', '1')),
}
