import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Trace } from '../../platform/exchange.ts'
import type { Figures, LineFigures } from './figures.ts'

/**
 * What the hub asks of a medical insurance centre, in the terms of the national interface
 * (医疗保障信息平台定点医药机构接口规范). Each function names its transaction.
 *
 * An adapter only translates. It never throws for an answer it understands. 'refused' is the centre's own
 * no, given on the matter itself. Whatever else is not a clear yes is 'unknown': silence, HTML, an
 * envelope out of shape, a centre that says it is broken, figures that break an identity, and also a
 * refused sign-in, as it says nothing of what was asked.
 */
export interface InsuranceCentre {
  /** 定点医药机构编号, 12 characters: the head of every msgid. */
  readonly fixmedinsCode: string
  /** 医保区划 of the centre, 6 digits. */
  readonly admdvs: string
  /** Whether people from elsewhere who have not filed are settled all the same, by the lower rates of their own area. */
  readonly settlesUnfiled: boolean
  /** 9001. The other functions sign in by themselves; this one is for trying a connection. */
  signIn(call: CentreCall): Promise<CentreAnswer<{ signNo: string }>>
  /** 1101 */
  person(call: CentreCall, credential: Credential): Promise<CentreAnswer<InsuredPerson>>
  /** 2201 */
  register(call: CentreCall, visit: NewVisit): Promise<CentreAnswer<{ mdtrtId: string }>>
  /** 2202 */
  cancelRegistration(
    call: CentreCall,
    visit: { psnNo: string; mdtrtId: string; visitNo: string },
  ): Promise<CentreAnswer>
  /** 2203 */
  visitInfo(call: CentreCall, visit: VisitInfo): Promise<CentreAnswer>
  /** 2204. One result for each line sent. */
  uploadDetails(call: CentreCall, details: Details): Promise<CentreAnswer<DetailResult[]>>
  /** 2205 */
  cancelDetails(
    call: CentreCall,
    batch: { psnNo: string; mdtrtId: string; batchNo: string },
  ): Promise<CentreAnswer>
  /** 2206 */
  preSettle(call: CentreCall, request: SettleRequest): Promise<CentreAnswer<Figures>>
  /** 2207, with the split that 2206 gave. */
  settle(
    call: CentreCall,
    request: SettleRequest & { quoted: Figures },
  ): Promise<CentreAnswer<Settled>>
  /** 2208 */
  cancelSettlement(
    call: CentreCall,
    settlement: { psnNo: string; mdtrtId: string; setlId: string },
  ): Promise<CentreAnswer<Settled>>
  /** 2601. True: the message is void from now on. False: there is no such message in force. */
  reverse(
    call: CentreCall,
    message: { psnNo: string; msgid: string; infno: ReversibleInfno },
  ): Promise<CentreAnswer<{ reversed: boolean }>>
  /** 5203. Without a setlId the visit's settlement; null when the centre has none. */
  querySettlement(
    call: CentreCall,
    settlement: { psnNo: string; mdtrtId: string; setlId: string | null },
  ): Promise<CentreAnswer<KnownSettlement | null>>
  /** 3201 */
  compareTotals(
    call: CentreCall,
    group: ComparedGroup & { insutype: string },
  ): Promise<CentreAnswer<{ result: ComparisonResult; text: string }>>
  /** 9101, the list of settlements that 3202 compares. */
  uploadFile(
    call: CentreCall,
    file: { filename: string; rows: readonly ComparedRow[] },
  ): Promise<CentreAnswer<{ fileQueryNo: string }>>
  /** 3202 */
  compareDetails(
    call: CentreCall,
    group: ComparedGroup & { fileQueryNo: string },
  ): Promise<CentreAnswer<{ fileQueryNo: string; filename: string }>>
  /** 9102, the result of 3202. A file that cannot be read is refused whole. */
  downloadFile(
    call: CentreCall,
    file: { fileQueryNo: string; filename: string },
  ): Promise<CentreAnswer<DifferenceFile> | UnreadableFile>
}

export type CentreCall = {
  /**
   * The message's number: fixmedinsCode, yyyyMMddHHmmss and four digits. The caller's, as a message is
   * repeated and reversed by it; see msgid.ts.
   */
  msgid: string
  /** insuplc_admdvs of the person, once 1101 has told it. */
  insuredRegion: string | null
  trace: Trace
  /** Ends the call early; its answer is 'unknown' then. */
  signal: AbortSignal | null
}

export type CentreAnswer<T = null> =
  | { outcome: 'ok'; data: T }
  | { outcome: 'refused'; message: string; code?: RefusalCode }
  | { outcome: 'unknown'; reason: string }

/** A no that the payer can do something about. voucher_expired: the token of the e-voucher lives no more. */
export type RefusalCode = 'voucher_expired'

/** By what a person is known to the centre: mdtrt_cert_type 01 (e-voucher token) or 02 (identity card). */
export type Credential = { kind: 'voucher' | 'id_card'; number: string; name: string }

export type InsuredPerson = {
  psnNo: string
  insurances: PersonInsurance[]
}

export type PersonInsurance = {
  insutype: string
  active: boolean
  insuredRegion: string
  balanceFen: Fen
  /** psn_type: 11 在职, 12 退休, 15 居民, …; absent where the centre does not say. */
  personType?: string
}

export type Staff = { code: string; name: string }

export type NewVisit = {
  psnNo: string
  insutype: string
  credential: Credential
  visitNo: string // ipt_otp_no, at most 30 characters, ours
  department: Staff
  doctor: Staff
  begunAt: Date
}

export type VisitInfo = {
  psnNo: string
  mdtrtId: string
  medType: MedType
  begunAt: Date
  diagnoses: { code: string; name: string; department: Staff; doctor: Staff; at: Date }[]
}

/** 11 普通门诊, 12 门诊挂号. */
export type MedType = '11' | '12'

export type Details = {
  psnNo: string
  mdtrtId: string
  batchNo: string // chrg_bchno, at most 30 characters
  lines: DetailLine[]
}

export type DetailLine = {
  lineId: string // feedetl_sn, unique within the visit, at most 30 characters
  nationalCode: string
  ownCode: string
  amountFen: Fen
  quantity: number
  unitPriceFen: Fen
  department: Staff
  doctor: Staff
  at: Date
}

/** 甲, 乙, 丙. */
export type LineLevel = NonNullable<LineFigures['level']>

export type DetailResult = LineFigures & { lineId: string }

export type SettleRequest = {
  psnNo: string
  credential: Credential
  medType: MedType
  totalFen: Fen
  mdtrtId: string
  batchNo: string
  insutype: string
  useAccount: boolean
}

/** A settlement, or the cancellation of one, as the centre has it. */
export type Settled = {
  setlId: string
  /** By the centre's word: setl_time, or where it gives none the time of its answer. */
  at: Date
  figures: Figures
  /** For the clearing: null where the centre does not say. */
  clearing: { insutype: string | null; clrType: string | null; clrOptins: string | null }
}

/** `msgid` is medins_setl_id: the number of the message that made it. */
export type KnownSettlement = Settled & { msgid: string; refunded: boolean }

export type ReversibleInfno = '2207' | '2208'

/** stmt_rslt: 平, 中心多, 医药机构多, 不一致. */
export type ComparisonResult = 'agrees' | 'theirs_only' | 'ours_only' | 'differs'

export type ComparedGroup = {
  clrType: string
  setlOptins: string
  date: BusinessDate
  totalFen: Fen
  fundFen: Fen
  accountFen: Fen
  cashFen: Fen
  count: number
}

/** Returns stand in it with negative amounts, and so does their sum. */
export type ComparedRow = {
  setlId: string
  mdtrtId: string
  psnNo: string
  totalFen: Fen
  fundFen: Fen
  accountFen: Fen
  isReturn: boolean
}

export type DifferenceRow = {
  psnNo: string
  mdtrtId: string
  setlId: string
  msgid: string
  result: ComparisonResult
  isReturn: boolean
  memo: string
  /** What the centre has; null where the file does not carry amounts. */
  theirs: { totalFen: Fen; fundFen: Fen; accountFen: Fen } | null
}

/** `text` is the file as it came out of its archive, kept as evidence. */
export type DifferenceFile = { rows: DifferenceRow[]; text: string }

export type UnreadableFile = {
  outcome: 'unreadable'
  code: 'truncated' | 'encoding' | 'layout'
  reason: string
}
