import { assert } from '../../../kernel/assert.ts'
import { toShanghaiText } from '../../../kernel/time.ts'
import type {
  Admission,
  Discharge,
  Figures,
  InpatientCentre,
  InpatientDiagnosis,
  InpatientLine,
  InpatientSettleRequest,
  Settled,
  Stay,
} from '../../../modules/insurance/index.ts'
import type { Profile } from './profile.ts'
import type { Ask } from './session.ts'
import {
  assertAsAsked,
  assertMadeBy,
  cancelledOf,
  figuresOf,
  requiredSetlinfo,
  settledOf,
} from './setlinfo.ts'
import { BY_ITEM, reversal, saysNotThere } from './settlements.ts'
import type { Transaction } from './transport.ts'
import { certificateOf, feeOf, readDetails, secretsOf } from './visit.ts'
import { fieldsOf, textOf, yuan } from './wire.ts'

type RequestOf<Name extends keyof InpatientCentre> = Parameters<InpatientCentre[Name]>[1]

/** 2401 to 2405, 2301 to 2305, and 2601 for two of them. */
export function createInpatient(ask: Ask, profile: Profile): InpatientCentre {
  return {
    admit: (call, admission) => ask(call, admissionOf(admission)),
    changeAdmission: (call, admission) => ask(call, changeOf(admission)),
    cancelAdmission: (call, stay) => ask(call, { infno: '2404', ...stayOnly(stay) }),
    discharge: (call, discharge) => ask(call, dischargeOf(discharge)),
    cancelDischarge: (call, stay) => ask(call, { infno: '2405', ...stayOnly(stay) }),
    uploadInpatientDetails: (call, details) =>
      ask(call, {
        infno: '2301',
        input: { feedetail: details.lines.map((line) => lineOf(details, line)) },
        read: ({ output }) => readDetails(output, details),
      }),
    cancelInpatientDetails: (call, lines) => ask(call, linesEnd(lines)),
    preSettleInpatient: (call, request) => ask(call, preSettlement(request, profile)),
    settleInpatient: (call, request) => ask(call, settlement(request, call.msgid, profile)),
    cancelInpatientSettlement: (call, which) =>
      ask(call, {
        infno: '2305',
        input: { data: { mdtrt_id: which.mdtrtId, setl_id: which.setlId, psn_no: which.psnNo } },
        read: (reply) => cancelledOf(reply, which.setlId, profile),
      }),
    async reverseInpatient(call, message) {
      const answer = await ask(call, reversal(message))
      return saysNotThere(answer, profile) ? { outcome: 'ok', data: { reversed: false } } : answer
    },
  }
}

const stayOnly = ({ mdtrtId, psnNo }: Stay) => ({
  input: { data: { mdtrt_id: mdtrtId, psn_no: psnNo } },
  read: () => null,
})

const admissionOf = (admission: Admission): Transaction<{ mdtrtId: string }> => ({
  infno: '2401',
  input: {
    mdtrtinfo: {
      psn_no: admission.psnNo,
      insutype: admission.insutype,
      ...certificateOf(admission.credential),
      ipt_no: admission.stayNo,
      ...stayOf(admission),
    },
    diseinfo: diagnosesOf(admission.psnNo, admission.diagnoses),
  },
  secrets: secretsOf(admission.credential),
  read: ({ output }) => ({
    mdtrtId: textOf(fieldsOf(fieldsOf(output, 'output')['result'], 'result'), 'mdtrt_id'),
  }),
})

const changeOf = (admission: RequestOf<'changeAdmission'>): Transaction<null> => ({
  infno: '2403',
  input: {
    adminfo: {
      mdtrt_id: admission.mdtrtId,
      psn_no: admission.psnNo,
      mdtrt_cert_type: certificateOf(admission.credential).mdtrt_cert_type,
      ipt_otp_no: admission.stayNo,
      endtime: toShanghaiText(admission.dischargedAt ?? admission.admittedAt),
      ...stayOf(admission),
    },
    diseinfo: diagnosesOf(admission.psnNo, admission.diagnoses).map((one) => ({
      mdtrt_id: admission.mdtrtId,
      ...one,
    })),
  },
  secrets: secretsOf(admission.credential),
  read: () => null,
})

function stayOf({ medType, department, bed, doctor, admittedAt, diagnoses, disease }: Admission) {
  const [main] = diagnoses
  assert(main !== undefined, 'an admission has a diagnosis')
  return {
    coner_name: '',
    tel: '',
    begntime: toShanghaiText(admittedAt),
    med_type: medType,
    medrcdno: '',
    atddr_no: doctor.code,
    chfpdr_name: doctor.name,
    adm_diag_dscr: main.name,
    adm_dept_codg: department.code,
    adm_dept_name: department.name,
    adm_bed: bed,
    // At admission the main diagnosis stands for that of the discharge, which is not known yet.
    dscg_maindiag_code: main.code,
    dscg_maindiag_name: main.name,
    main_cond_dscr: '',
    dise_codg: disease?.code ?? '',
    dise_name: disease?.name ?? '',
  }
}

const dischargeOf = (discharge: Discharge): Transaction<null> => ({
  infno: '2402',
  input: {
    dscginfo: {
      mdtrt_id: discharge.mdtrtId,
      psn_no: discharge.psnNo,
      insutype: discharge.insutype,
      endtime: toShanghaiText(discharge.dischargedAt),
      dise_codg: discharge.disease?.code ?? '',
      dise_name: discharge.disease?.name ?? '',
      oprn_oprt_code: discharge.operation?.code ?? '',
      oprn_oprt_name: discharge.operation?.name ?? '',
      dscg_dept_codg: discharge.department.code,
      dscg_dept_name: discharge.department.name,
      dscg_bed: discharge.bed,
      dscg_way: discharge.way,
    },
    diseinfo: diagnosesOf(discharge.psnNo, discharge.diagnoses).map((one) => ({
      mdtrt_id: discharge.mdtrtId,
      ...one,
    })),
  },
  read: () => null,
})

const diagnosesOf = (psnNo: string, diagnoses: readonly InpatientDiagnosis[]) =>
  diagnoses.map(({ code, name, department, doctor, at }, i) => ({
    psn_no: psnNo,
    diag_type: WESTERN_DIAGNOSIS,
    maindiag_flag: i === 0 ? '1' : '0',
    diag_srt_no: i + 1,
    diag_code: code,
    diag_name: name,
    diag_dept: department.name,
    dise_dor_no: doctor.code,
    dise_dor_name: doctor.name,
    diag_time: toShanghaiText(at),
  }))

const WESTERN_DIAGNOSIS = '1'

const lineOf = ({ mdtrtId, psnNo }: Stay, line: InpatientLine) => ({
  feedetl_sn: line.lineId,
  init_feedetl_sn: line.returnsLineId ?? '',
  mdtrt_id: mdtrtId,
  drord_no: line.orderNo ?? '',
  psn_no: psnNo,
  med_type: line.medType,
  ...feeOf(line),
})

const linesEnd = ({
  mdtrtId,
  psnNo,
  lineIds,
}: RequestOf<'cancelInpatientDetails'>): Transaction<null> => ({
  infno: '2302',
  input: {
    data: (lineIds === 'all' ? [EVERY_LINE] : lineIds).map((lineId) => ({
      feedetl_sn: lineId,
      mdtrt_id: mdtrtId,
      psn_no: psnNo,
    })),
  },
  read: () => null,
})

/** 2302: of what is not settled yet. */
const EVERY_LINE = '0000'

const preSettlement = (
  request: InpatientSettleRequest,
  profile: Profile,
): Transaction<Figures> => ({
  infno: '2303',
  input: { data: settleInput(request) },
  secrets: secretsOf(request.credential),
  read: ({ output }) => assertAsAsked(figuresOf(requiredSetlinfo(output), profile), request),
})

const settlement = (
  request: InpatientSettleRequest,
  msgid: string,
  profile: Profile,
): Transaction<Settled> => ({
  infno: '2304',
  input: { data: settleInput(request) },
  secrets: secretsOf(request.credential),
  read(reply) {
    assertMadeBy(reply, msgid)
    const settled = settledOf(reply, profile)
    assertAsAsked(settled.figures, request)
    return settled
  },
})

const settleInput = (request: InpatientSettleRequest) => ({
  psn_no: request.psnNo,
  ...certificateOf(request.credential),
  medfee_sumamt: yuan(request.totalFen),
  psn_setlway: BY_ITEM,
  mdtrt_id: request.mdtrtId,
  acct_used_flag: request.useAccount ? '1' : '0',
  insutype: request.insutype,
  invono: '',
  mid_setl_flag: request.isMidStay ? '1' : '0',
})
