import type { BusinessDate } from '../../../kernel/time.ts'
import type { CentreAnswer, CentreCall } from '../insurance-centre.ts'

/** 备案: what a person has had filed, on which more is paid; looked up in line before a settlement. */
export interface FilingCentre {
  /** 5301. Long-term and special diseases. */
  chronicFilings(call: CentreCall, psnNo: string): Promise<CentreAnswer<ChronicFiling[]>>
  /** 5302. The institutions a person has chosen, for one purpose (biz_appy_type). */
  chosenInstitutions(
    call: CentreCall,
    which: { psnNo: string; purpose: string },
  ): Promise<CentreAnswer<ChosenInstitution[]>>
  /** 5304. Care away from the place of insurance, in force at some time between. */
  transferFilings(
    call: CentreCall,
    which: { psnNo: string; from: Date; to: Date },
  ): Promise<CentreAnswer<TransferFiling[]>>
  /** 2501. A lost answer: the filing shows in transferFilings, or was not made. */
  fileTransfer(call: CentreCall, filing: NewTransfer): Promise<CentreAnswer<{ filingNo: string }>>
  /** 2502 */
  cancelTransfer(
    call: CentreCall,
    filing: { psnNo: string; filingNo: string; reason: string },
  ): Promise<CentreAnswer>
}

export type Period = { from: BusinessDate; to: BusinessDate | null }

export type ChronicFiling = Period & { diseaseCode: string; diseaseName: string }

export type ChosenInstitution = Period & { fixmedinsCode: string; name: string }

export type TransferFiling = Period & {
  filingNo: string | null
  kind: string | null // refl_type
  toRegion: string | null // mdtrtarea_admdvs
  toFixmedinsCode: string | null
}

export type NewTransfer = Period & {
  psnNo: string
  insutype: string
  insuredRegion: string // insu_optins
  diagnosis: { code: string; name: string }
  toFixmedinsCode: string
  toName: string
  toRegion: string
  kind: string // refl_type
  on: BusinessDate
  reason: string
  opinion: string
}
