import { toShanghaiText } from '../../../kernel/time.ts'
import type { FilingCentre, NewTransfer } from '../../../modules/insurance/index.ts'
import type { Ask } from './session.ts'
import type { Transaction } from './transport.ts'
import {
  dayOf,
  type Fields,
  fieldsOf,
  optionalDayOf,
  optionalTextOf,
  rowsOf,
  textOf,
} from './wire.ts'

/** 2501, 2502, 5301, 5302 and 5304. */
export function createFiling(ask: Ask): FilingCentre {
  return {
    chronicFilings: (call, psnNo) =>
      ask(call, {
        infno: '5301',
        input: { data: { psn_no: psnNo } },
        read: ({ output }) =>
          rowsOf(output, 'feedetail').map((fields) => ({
            diseaseCode: textOf(fields, 'opsp_dise_code'),
            diseaseName: textOf(fields, 'opsp_dise_name'),
            ...periodOf(fields),
          })),
      }),
    chosenInstitutions: (call, { psnNo, purpose }) =>
      ask(call, {
        infno: '5302',
        input: { data: { psn_no: psnNo, biz_appy_type: purpose } },
        read: ({ output }) =>
          rowsOf(output, 'psnfixmedin').map((fields) => ({
            fixmedinsCode: textOf(fields, 'fixmedins_code'),
            name: textOf(fields, 'fixmedins_name'),
            ...periodOf(fields),
          })),
      }),
    transferFilings: (call, { psnNo, from, to }) =>
      ask(call, {
        infno: '5304',
        input: {
          data: { psn_no: psnNo, begntime: toShanghaiText(from), endtime: toShanghaiText(to) },
        },
        read: ({ output }) =>
          rowsOf(output, 'refmedin').map((fields) => ({
            filingNo: optionalTextOf(fields, 'trt_dcla_detl_sn'),
            kind: optionalTextOf(fields, 'refl_type'),
            toRegion: optionalTextOf(fields, 'mdtrtarea_admdvs'),
            toFixmedinsCode: optionalTextOf(fields, 'reflin_medins_no'),
            ...periodOf(fields),
          })),
      }),
    fileTransfer: (call, filing) => ask(call, transferOf(filing)),
    cancelTransfer: (call, { psnNo, filingNo, reason }) =>
      ask(call, {
        infno: '2502',
        input: { data: { trt_dcla_detl_sn: filingNo, psn_no: psnNo, memo: reason } },
        read: () => null,
      }),
  }
}

const periodOf = (fields: Fields) => ({
  from: dayOf(fields, 'begndate'),
  to: optionalDayOf(fields, 'enddate'),
})

const transferOf = (filing: NewTransfer): Transaction<{ filingNo: string }> => ({
  infno: '2501',
  input: {
    refmedin: {
      psn_no: filing.psnNo,
      insutype: filing.insutype,
      tel: '',
      addr: '',
      insu_optins: filing.insuredRegion,
      diag_code: filing.diagnosis.code,
      diag_name: filing.diagnosis.name,
      dise_cond_dscr: '',
      reflin_medins_no: filing.toFixmedinsCode,
      reflin_medins_name: filing.toName,
      mdtrtarea_admdvs: filing.toRegion,
      hosp_agre_refl_flag: '1',
      refl_type: filing.kind,
      refl_date: filing.on,
      refl_rea: filing.reason,
      refl_opnn: filing.opinion,
      begndate: filing.from,
      enddate: filing.to ?? '',
    },
  },
  read: ({ output }) => ({
    filingNo: textOf(fieldsOf(fieldsOf(output, 'output')['result'], 'result'), 'trt_dcla_detl_sn'),
  }),
})
