import { ZERO } from '../../../kernel/money.ts'
import { toShanghaiText } from '../../../kernel/time.ts'
import type {
  DispensedDrug,
  Entitlement,
  InquiryCentre,
  KnownVisit,
  SettledLine,
} from '../../../modules/insurance/index.ts'
import type { NationalInsuranceParams } from './params.ts'
import type { Ask } from './session.ts'
import { levelOf } from './visit.ts'
import {
  amountOf,
  decimalTextOf,
  type Fields,
  momentOf,
  optionalAmountOf,
  optionalDayOf,
  optionalMomentOf,
  optionalTextOf,
  rowsOf,
  textOf,
} from './wire.ts'

/** 1201, 1901, 2001, 5201, 5202, 5204, 5205 and 5206. */
export function createInquiries(
  ask: Ask,
  { admdvs, fixmedinsCode }: NationalInsuranceParams,
): Omit<InquiryCentre, 'signOut'> {
  return {
    institutions: (call, { kind, code, name }) =>
      ask(call, {
        infno: '1201',
        input: {
          medinsinfo: {
            fixmedins_type: kind,
            fixmedins_code: code ?? '',
            fixmedins_name: name ?? '',
          },
        },
        read: ({ output }) =>
          rowsOf(output, 'medinsinfo').map((fields) => ({
            code: textOf(fields, 'fixmedins_code'),
            name: textOf(fields, 'fixmedins_name'),
            kind: optionalTextOf(fields, 'fixmedins_type') ?? kind,
            level: optionalTextOf(fields, 'hosp_lv'),
          })),
      }),
    dictionary: (call, { type, on }) =>
      ask(call, {
        infno: '1901',
        input: { data: { type, parentValue: '', admdvs, date: on, valiFlag: '1' } },
        read: ({ output }) =>
          rowsOf(output, 'list').map((fields) => ({
            code: textOf(fields, 'value'),
            label: textOf(fields, 'label'),
            parentCode: optionalTextOf(fields, 'parentValue'),
            isValid: optionalTextOf(fields, 'valiFlag') !== '0',
          })),
      }),
    entitlements: (call, visit) =>
      ask(call, {
        infno: '2001',
        input: {
          data: {
            psn_no: visit.psnNo,
            insutype: visit.insutype,
            fixmedins_code: fixmedinsCode,
            med_type: visit.medType,
            begntime: toShanghaiText(visit.from),
            dise_codg: visit.disease ?? '',
          },
        },
        read: ({ output }) => rowsOf(output, 'trtinfo').map(entitlementOf),
      }),
    ...createRecords(ask),
  }
}

const createRecords = (
  ask: Ask,
): Pick<
  InquiryCentre,
  'visits' | 'diagnoses' | 'settledLines' | 'chronicDrugs' | 'accumulations'
> => ({
  visits: (call, { psnNo, medType, from, to }) =>
    ask(call, {
      infno: '5201',
      input: {
        data: {
          psn_no: psnNo,
          begntime: toShanghaiText(from),
          endtime: toShanghaiText(to),
          med_type: medType,
          mdtrt_id: '',
        },
      },
      read: ({ output }) => rowsOf(output, 'mdtrtinfo').map(visitOf),
    }),
  diagnoses: (call, { psnNo, mdtrtId }) =>
    ask(call, {
      infno: '5202',
      input: { data: { mdtrt_id: mdtrtId, psn_no: psnNo } },
      read: ({ output }) =>
        rowsOf(output, 'diseinfo').map((fields) => ({
          code: textOf(fields, 'diag_code'),
          name: textOf(fields, 'diag_name'),
          isMain: optionalTextOf(fields, 'maindiag_flag') === '1',
          at: momentOf(fields, 'diag_time'),
        })),
    }),
  settledLines: (call, { psnNo, mdtrtId, setlId }) =>
    ask(call, {
      infno: '5204',
      input: { data: { psn_no: psnNo, setl_id: setlId ?? '', mdtrt_id: mdtrtId } },
      read: ({ output }) => rowsOf(output, 'feedetail').map(settledLineOf),
    }),
  chronicDrugs: (call, { psnNo, from, to }) =>
    ask(call, {
      infno: '5205',
      input: {
        data: { psn_no: psnNo, begntime: toShanghaiText(from), endtime: toShanghaiText(to) },
      },
      read: ({ output }) => rowsOf(output, 'feedetail').map(drugOf),
    }),
  accumulations: (call, { psnNo, month }) =>
    ask(call, {
      infno: '5206',
      input: { data: { psn_no: psnNo, cum_ym: month ?? '' } },
      read: ({ output }) =>
        rowsOf(output, 'cuminfo').map((fields) => ({
          insutype: textOf(fields, 'insutype'),
          year: textOf(fields, 'year'),
          month: optionalTextOf(fields, 'cum_ym') ?? '',
          kind: textOf(fields, 'cum_type_code'),
          amount: decimalTextOf(fields, 'cum') || '0',
        })),
    }),
})

const entitlementOf = (fields: Fields): Entitlement => ({
  checkType: optionalTextOf(fields, 'trt_chk_type') ?? '',
  fundPayType: textOf(fields, 'fund_pay_type'),
  isEntitled: textOf(fields, 'trt_enjymnt_flag') === '1',
  from: optionalDayOf(fields, 'begndate'),
  to: optionalDayOf(fields, 'enddate'),
  reason: optionalTextOf(fields, 'trt_chk_rslt') ?? '',
})

const visitOf = (fields: Fields): KnownVisit => ({
  mdtrtId: textOf(fields, 'mdtrt_id'),
  visitNo: optionalTextOf(fields, 'ipt_otp_no'),
  insutype: optionalTextOf(fields, 'insutype'),
  medType: textOf(fields, 'med_type'),
  begunAt: momentOf(fields, 'begntime'),
  endedAt: optionalMomentOf(fields, 'endtime'),
})

const settledLineOf = (fields: Fields): SettledLine => ({
  mdtrtId: textOf(fields, 'mdtrt_id'),
  setlId: textOf(fields, 'setl_id'),
  lineId: textOf(fields, 'feedetl_sn'),
  nationalCode: textOf(fields, 'med_list_codg'),
  ownCode: textOf(fields, 'medins_list_codg'),
  name: optionalTextOf(fields, 'medins_list_name') ?? '',
  level: levelOf(fields),
  amountFen: amountOf(fields, 'det_item_fee_sumamt'),
  ownFen: optionalAmountOf(fields, 'fulamt_ownpay_amt') ?? ZERO,
  overLimitFen: optionalAmountOf(fields, 'overlmt_amt') ?? ZERO,
  firstShareFen: optionalAmountOf(fields, 'preselfpay_amt') ?? ZERO,
  inScopeFen: optionalAmountOf(fields, 'inscp_scp_amt') ?? ZERO,
})

const drugOf = (fields: Fields): DispensedDrug => ({
  nationalCode: textOf(fields, 'med_list_codg'),
  name: textOf(fields, 'medins_list_name'),
  spec: optionalTextOf(fields, 'spec'),
  quantity: decimalTextOf(fields, 'cnt'),
  at: momentOf(fields, 'fee_ocur_time'),
  institution: optionalTextOf(fields, 'fixmedins_name') ?? '',
})
