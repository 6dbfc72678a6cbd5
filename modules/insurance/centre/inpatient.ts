import type { Fen } from '../../../kernel/money.ts'
import type { Figures } from '../figures.ts'
import type {
  CentreAnswer,
  CentreCall,
  Credential,
  DetailLine,
  DetailResult,
  Settled,
  Staff,
} from '../insurance-centre.ts'

/**
 * A stay in hospital, as InsuranceCentre is for a visit: same answers, same care.
 *
 * A lost answer to 2304 or 2305 is 'unknown'. It is asked about with querySettlement (5203), and what is
 * not found there is declared void with reverseInpatient (2601) under the lost message's own number; no
 * second settlement goes before that.
 */
export interface InpatientCentre {
  /** 2401 */
  admit(call: CentreCall, admission: Admission): Promise<CentreAnswer<{ mdtrtId: string }>>
  /** 2403, with everything as it now is. */
  changeAdmission(
    call: CentreCall,
    admission: Admission & { mdtrtId: string; dischargedAt: Date | null },
  ): Promise<CentreAnswer>
  /** 2404 */
  cancelAdmission(call: CentreCall, stay: Stay): Promise<CentreAnswer>
  /** 2402 */
  discharge(call: CentreCall, discharge: Discharge): Promise<CentreAnswer>
  /** 2405 */
  cancelDischarge(call: CentreCall, stay: Stay): Promise<CentreAnswer>
  /** 2301. One result for each line sent; those of a return are below zero, as it is. */
  uploadInpatientDetails(
    call: CentreCall,
    details: Stay & { lines: InpatientLine[] },
  ): Promise<CentreAnswer<DetailResult[]>>
  /** 2302 */
  cancelInpatientDetails(
    call: CentreCall,
    lines: Stay & { lineIds: readonly string[] | 'all' },
  ): Promise<CentreAnswer>
  /** 2303 */
  preSettleInpatient(
    call: CentreCall,
    request: InpatientSettleRequest,
  ): Promise<CentreAnswer<Figures>>
  /** 2304 */
  settleInpatient(call: CentreCall, request: InpatientSettleRequest): Promise<CentreAnswer<Settled>>
  /** 2305 */
  cancelInpatientSettlement(
    call: CentreCall,
    settlement: Stay & { setlId: string },
  ): Promise<CentreAnswer<Settled>>
  /** 2601. True: the message is void from now on. False: there is no such message in force. */
  reverseInpatient(
    call: CentreCall,
    message: { psnNo: string; msgid: string; infno: '2304' | '2305' },
  ): Promise<CentreAnswer<{ reversed: boolean }>>
}

export type Stay = { psnNo: string; mdtrtId: string }

export type Admission = {
  psnNo: string
  insutype: string
  credential: Credential
  medType: string // med_type: 21, 22, 23, 24, 52, or a province's own
  stayNo: string // the hospital's own number, at most 30 characters
  department: Staff
  bed: string
  doctor: Staff
  admittedAt: Date
  diagnoses: InpatientDiagnosis[] // the first is the main one; at least one
  disease: Coded | null // where it is settled by disease
}

export type Discharge = Stay & {
  insutype: string
  department: Staff
  bed: string
  dischargedAt: Date
  way: string // dscg_way
  diagnoses: InpatientDiagnosis[] // the first is the main one
  disease: Coded | null
  operation: Coded | null
}

export type Coded = { code: string; name: string }
export type InpatientDiagnosis = Coded & { department: Staff; doctor: Staff; at: Date }

export type InpatientLine = DetailLine & {
  medType: string
  orderNo: string | null // drord_no
  /** Of a return: the line it takes back. Its amount and quantity are below zero. */
  returnsLineId: string | null
}

export type InpatientSettleRequest = Stay & {
  credential: Credential
  totalFen: Fen
  insutype: string
  useAccount: boolean
  /** A settlement while the stay goes on. */
  isMidStay: boolean
}
