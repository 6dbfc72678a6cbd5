import type { Fen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { CentreAnswer, CentreCall, LineLevel } from '../insurance-centre.ts'

/** What may be asked of a centre and changes nothing there: a lost answer is asked for again. */
export interface InquiryCentre {
  /** 1201. By code or by a part of the name. */
  institutions(
    call: CentreCall,
    which: { kind: string; code: string | null; name: string | null },
  ): Promise<CentreAnswer<Institution[]>>
  /** 1901 */
  dictionary(
    call: CentreCall,
    which: { type: string; on: BusinessDate },
  ): Promise<CentreAnswer<DictionaryEntry[]>>
  /** 2001. Which funds would pay for such a visit, and why one would not. */
  entitlements(
    call: CentreCall,
    visit: { psnNo: string; insutype: string; medType: string; from: Date; disease: string | null },
  ): Promise<CentreAnswer<Entitlement[]>>
  /** 5201 */
  visits(
    call: CentreCall,
    which: { psnNo: string; medType: string; from: Date; to: Date },
  ): Promise<CentreAnswer<KnownVisit[]>>
  /** 5202 */
  diagnoses(
    call: CentreCall,
    visit: { psnNo: string; mdtrtId: string },
  ): Promise<CentreAnswer<KnownDiagnosis[]>>
  /** 5204. Without a setlId the whole visit's. */
  settledLines(
    call: CentreCall,
    which: { psnNo: string; mdtrtId: string; setlId: string | null },
  ): Promise<CentreAnswer<SettledLine[]>>
  /** 5205. What was dispensed for long-term diseases, at any institution. */
  chronicDrugs(
    call: CentreCall,
    which: { psnNo: string; from: Date; to: Date },
  ): Promise<CentreAnswer<DispensedDrug[]>>
  /** 5206. What has counted so far, of a month (yyyyMM) or of all. */
  accumulations(
    call: CentreCall,
    which: { psnNo: string; month: string | null },
  ): Promise<CentreAnswer<Accumulation[]>>
  /** 9002. The next message signs in anew. */
  signOut(call: CentreCall): Promise<CentreAnswer>
}

export type Institution = { code: string; name: string; kind: string; level: string | null }

export type DictionaryEntry = {
  code: string
  label: string
  parentCode: string | null
  isValid: boolean
}

export type Entitlement = {
  checkType: string // trt_chk_type
  fundPayType: string
  isEntitled: boolean
  from: BusinessDate | null
  to: BusinessDate | null
  reason: string
}

export type KnownVisit = {
  mdtrtId: string
  visitNo: string | null
  insutype: string | null
  medType: string
  begunAt: Date
  endedAt: Date | null
}

export type KnownDiagnosis = { code: string; name: string; isMain: boolean; at: Date }

export type SettledLine = {
  mdtrtId: string
  setlId: string
  lineId: string
  nationalCode: string
  ownCode: string
  name: string
  level: LineLevel | null
  amountFen: Fen
  ownFen: Fen
  overLimitFen: Fen
  firstShareFen: Fen
  inScopeFen: Fen
}

export type DispensedDrug = {
  nationalCode: string
  name: string
  spec: string | null
  quantity: string // a decimal with at most four places, as the centre wrote it
  at: Date
  institution: string
}

/** cum_type_code tells what is counted, as D310101_BIZ2101; its list is the province's. */
export type Accumulation = {
  insutype: string
  year: string
  month: string
  kind: string
  amount: string // yuan or times, as the kind has it
}
