import { toShanghaiText } from '../../../kernel/time.ts'
import type {
  ClearingApplication,
  ClearingCentre,
  ElsewhereRow,
} from '../../../modules/insurance/index.ts'
import type { Ask } from './session.ts'
import type { Transaction } from './transport.ts'
import {
  amountOf,
  type Fields,
  fieldsOf,
  momentOf,
  optionalTextOf,
  rowsOf,
  textOf,
  wholeOf,
  yuan,
} from './wire.ts'

/** 3203, 3204, and 3260 to 3262. */
export function createClearing(ask: Ask): ClearingCentre {
  return {
    applyForClearing: (call, application) => ask(call, applicationOf(application)),
    cancelClearing: (call, applicationNo) =>
      ask(call, {
        infno: '3204',
        input: { data: { clr_appy_evt_id: applicationNo } },
        read: () => null,
      }),
    elsewhereRows: (call, { year, month, startRow }) =>
      ask(call, {
        infno: '3260',
        input: { data: { trt_year: year, trt_month: month, startrow: startRow } },
        read: ({ output }) => rowsOf(output, 'data').map(rowOf),
      }),
    confirmElsewhere: (call, { year, month, rows }) =>
      ask(call, {
        infno: '3261',
        input: {
          data: { trt_year: year, trt_month: month, totalrow: rows.length },
          detail: rows.map((row) => ({
            certno: row.certificateNo,
            mdtrt_id: row.mdtrtId,
            mdtrt_setl_time: toShanghaiText(row.settledAt),
            setl_sn: row.setlSn,
            medfee_sumamt: yuan(row.totalFen),
            optins_pay_sumamt: yuan(row.fundFen),
            cnfm_flag: row.isConfirmed ? '1' : '0',
          })),
        },
        secrets: rows.map((row) => row.certificateNo),
        read: ({ envelope }) => ({ confirmationNo: textOf(envelope, 'inf_refmsgid') }),
      }),
    rollBackElsewhere: (call, { year, month, confirmationNo }) =>
      ask(call, {
        infno: '3262',
        input: { data: { trt_year: year, trt_month: month, otransid: confirmationNo ?? ALL } },
        read: () => null,
      }),
  }
}

/** otransid of 3262: every confirmation of the month. */
const ALL = '0'

const applicationOf = (
  application: ClearingApplication,
): Transaction<{ applicationNo: string }> => ({
  infno: '3203',
  input: {
    data: {
      clr_type: application.clrType,
      clr_way: application.clrWay,
      setlym: application.month,
      psntime: application.people,
      medfee_sumamt: yuan(application.totalFen),
      med_sumfee: yuan(application.inScopeFen),
      // What is asked of the funds; the account has a field of its own here, whatever else counts it in.
      fund_appy_sum: yuan(application.fundFen),
      cash_payamt: yuan(application.cashFen),
      acct_pay: yuan(application.accountFen),
      begndate: application.from,
      enddate: application.to,
    },
  },
  // In a node of its own, or without one: provinces differ.
  read: ({ output }) => {
    const fields = fieldsOf(output, 'output')
    const result = 'result' in fields ? fieldsOf(fields['result'], 'result') : fields
    return { applicationNo: textOf(result, 'clr_appy_evt_id') }
  },
})

const rowOf = (fields: Fields): ElsewhereRow => ({
  rowNo: wholeOf(fields, 'seqno'),
  region: textOf(fields, 'mdtrtarea'),
  fixmedinsCode: textOf(fields, 'medins_no'),
  certificateNo: textOf(fields, 'certno'),
  mdtrtId: textOf(fields, 'mdtrt_id'),
  settledAt: momentOf(fields, 'mdtrt_setl_time'),
  setlSn: textOf(fields, 'setl_sn'),
  isPaidInAdvance: optionalTextOf(fields, 'fulamt_advpay_flag') === '1',
  totalFen: amountOf(fields, 'medfee_sumamt'),
  fundFen: amountOf(fields, 'optins_pay_sumamt'),
})
