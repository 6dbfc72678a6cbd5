import { negateFen, ZERO } from '../../../kernel/money.ts'
import { toShanghaiText } from '../../../kernel/time.ts'
import {
  brokenLineIdentity,
  type Credential,
  type DetailLine,
  type DetailResult,
  type Details,
  type InsuredPerson,
  type LineLevel,
  type NewVisit,
  type VisitInfo,
} from '../../../modules/insurance/index.ts'
import type { Profile } from './profile.ts'
import { assertIdentity } from './setlinfo.ts'
import type { Transaction } from './transport.ts'
import {
  amountOf,
  type Fields,
  fieldsOf,
  listOf,
  optionalAmountOf,
  optionalTextOf,
  textOf,
  Unreadable,
  yuan,
} from './wire.ts'

// 1101 and 2201 to 2205: a person, their visit and its fee lines, to the wire and back.

/** mdtrt_cert_type and mdtrt_cert_no: 01 is the e-voucher's token, 02 the identity card. */
export const certificateOf = ({ kind, number }: Credential) => ({
  mdtrt_cert_type: kind === 'voucher' ? '01' : '02',
  mdtrt_cert_no: number,
})

export const secretsOf = ({ number, name }: Credential): string[] => [number, name]

export const personQuery = (credential: Credential): Transaction<InsuredPerson> => ({
  infno: '1101',
  input: {
    data: {
      ...certificateOf(credential),
      card_sn: '',
      begntime: '',
      psn_cert_type: credential.kind === 'id_card' ? '01' : '',
      certno: credential.kind === 'id_card' ? credential.number : '',
      psn_name: credential.name,
    },
  },
  secrets: secretsOf(credential),
  read: ({ output }) => readPerson(output),
})

function readPerson(output: unknown): InsuredPerson {
  const { baseinfo, insuinfo } = fieldsOf(output, 'output')
  return {
    psnNo: textOf(fieldsOf(baseinfo, 'baseinfo'), 'psn_no'),
    insurances: listOf(insuinfo, 'insuinfo')
      .filter((fields) => optionalTextOf(fields, 'psn_insu_stas') !== NOT_INSURED)
      .map((fields) => {
        const personType = optionalTextOf(fields, 'psn_type')
        return {
          insutype: textOf(fields, 'insutype'),
          // Where the centre tells no state, it lists only what is in force.
          active: (optionalTextOf(fields, 'psn_insu_stas') ?? IN_FORCE) === IN_FORCE,
          insuredRegion: textOf(fields, 'insuplc_admdvs'),
          balanceFen: optionalAmountOf(fields, 'balc') ?? ZERO,
          ...(personType === null ? {} : { personType }),
        }
      }),
  }
}

/** psn_insu_stas: 0 未参保, 1 正常参保, 2 暂停参保, 4 终止参保. */
const NOT_INSURED = '0'
const IN_FORCE = '1'

export const registration = (
  visit: NewVisit,
  { departmentCategory }: Profile,
): Transaction<{ mdtrtId: string }> => ({
  infno: '2201',
  input: {
    data: {
      psn_no: visit.psnNo,
      insutype: visit.insutype,
      begntime: toShanghaiText(visit.begunAt),
      ...certificateOf(visit.credential),
      ipt_otp_no: visit.visitNo,
      atddr_no: visit.doctor.code,
      dr_name: visit.doctor.name,
      dept_code: visit.department.code,
      dept_name: visit.department.name,
      caty: departmentCategory,
    },
  },
  secrets: secretsOf(visit.credential),
  read({ output }) {
    const { data } = fieldsOf(output, 'output')
    return { mdtrtId: textOf(fieldsOf(data, 'data'), 'mdtrt_id') }
  },
})

export const registrationEnd = ({
  psnNo,
  mdtrtId,
  visitNo,
}: {
  psnNo: string
  mdtrtId: string
  visitNo: string
}): Transaction<null> => ({
  infno: '2202',
  input: { data: { psn_no: psnNo, mdtrt_id: mdtrtId, ipt_otp_no: visitNo } },
  read: () => null,
})

export const visitReport = (visit: VisitInfo): Transaction<null> => ({
  infno: '2203',
  input: visitInput(visit),
  read: () => null,
})

const visitInput = (visit: VisitInfo) => ({
  mdtrtinfo: {
    mdtrt_id: visit.mdtrtId,
    psn_no: visit.psnNo,
    med_type: visit.medType,
    begntime: toShanghaiText(visit.begunAt),
    main_cond_dscr: '',
    dise_codg: '',
    dise_name: '',
    birctrl_type: '',
    birctrl_matn_date: '',
  },
  diseinfo: visit.diagnoses.map((diagnosis, i) => ({
    diag_type: WESTERN_DIAGNOSIS,
    diag_srt_no: i + 1,
    diag_code: diagnosis.code,
    diag_name: diagnosis.name,
    diag_dept: diagnosis.department.name,
    dise_dor_no: diagnosis.doctor.code,
    dise_dor_name: diagnosis.doctor.name,
    diag_time: toShanghaiText(diagnosis.at),
    vali_flag: '1',
  })),
})

const WESTERN_DIAGNOSIS = '1'

export const detailsUpload = (details: Details): Transaction<DetailResult[]> => ({
  infno: '2204',
  input: { feedetail: details.lines.map((line) => detailOf(details, line)) },
  read: ({ output }) => readDetails(output, details),
})

export const detailsEnd = ({
  psnNo,
  mdtrtId,
  batchNo,
}: {
  psnNo: string
  mdtrtId: string
  batchNo: string
}): Transaction<null> => ({
  infno: '2205',
  input: { data: { mdtrt_id: mdtrtId, chrg_bchno: batchNo, psn_no: psnNo } },
  read: () => null,
})

const detailOf = ({ mdtrtId, psnNo, batchNo }: Details, line: DetailLine) => ({
  feedetl_sn: line.lineId,
  mdtrt_id: mdtrtId,
  psn_no: psnNo,
  chrg_bchno: batchNo,
  dise_codg: '',
  rxno: '',
  rx_circ_flag: '0',
  ...feeOf(line),
})

/** What 2204 and 2301 both say of a line. */
export const feeOf = (line: DetailLine) => ({
  fee_ocur_time: toShanghaiText(line.at),
  med_list_codg: line.nationalCode,
  medins_list_codg: line.ownCode,
  det_item_fee_sumamt: yuan(line.amountFen),
  cnt: line.quantity,
  pric: yuan(line.unitPriceFen),
  bilg_dept_codg: line.department.code,
  bilg_dept_name: line.department.name,
  bilg_dr_codg: line.doctor.code,
  bilg_dr_name: line.doctor.name,
  hosp_appr_flag: '0',
})

/** Errors: Unreadable unless every line that was sent is answered, once, with a split that adds up to it. */
export function readDetails(output: unknown, { lines }: Pick<Details, 'lines'>): DetailResult[] {
  const sent = new Map(lines.map((line) => [line.lineId, line]))
  const results = listOf(fieldsOf(output, 'output')['result'], 'result').map(readDetail)
  for (const result of results) {
    const line = sent.get(result.lineId)
    if (!sent.delete(result.lineId) || !line) {
      throw new Unreadable(`line ${result.lineId} is answered without being asked`)
    }
    assertIdentity(
      line.amountFen === result.amountFen ? null : 'another amount of a line than sent',
    )
    assertIdentity(brokenLineIdentity(result.amountFen < 0 ? turned(result) : result))
  }
  if (sent.size > 0) throw new Unreadable(`${sent.size} lines are not answered`)
  return results
}

/** A return's split is that of the line it takes back, below zero as a whole. */
const turned = (result: DetailResult): DetailResult => ({
  ...result,
  amountFen: negateFen(result.amountFen),
  ownFen: negateFen(result.ownFen),
  overLimitFen: negateFen(result.overLimitFen),
  firstShareFen: negateFen(result.firstShareFen),
  inScopeFen: negateFen(result.inScopeFen),
})

function readDetail(fields: Fields): DetailResult {
  return {
    lineId: textOf(fields, 'feedetl_sn'),
    amountFen: amountOf(fields, 'det_item_fee_sumamt'),
    ownFen: amountOf(fields, 'fulamt_ownpay_amt'),
    overLimitFen: amountOf(fields, 'overlmt_amt', 'overlmt_selfpay'),
    firstShareFen: amountOf(fields, 'preselfpay_amt'),
    inScopeFen: amountOf(fields, 'inscp_scp_amt'),
    level: levelOf(fields),
  }
}

export const levelOf = (fields: Fields): LineLevel | null =>
  LEVELS[optionalTextOf(fields, 'chrgitm_lv') ?? ''] ?? null

/** chrgitm_lv: 01 甲, 02 乙, 03 丙; local dictionaries leave out the zero. */
const LEVELS: Readonly<Record<string, LineLevel>> = {
  '01': 'A',
  '02': 'B',
  '03': 'C',
  '1': 'A',
  '2': 'B',
  '3': 'C',
}
