import type { Fen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { CentreAnswer, CentreCall } from '../insurance-centre.ts'

/**
 * Monthly: what the funds owe the hospital, of its own area (3203) and of patients from elsewhere (3260).
 *
 * A lost answer to 3203 is 'unknown': the same message may be sent again under its number. One to 3261 is
 * rolled back whole (3262) before another confirmation goes.
 */
export interface ClearingCentre {
  /** 3203 */
  applyForClearing(
    call: CentreCall,
    application: ClearingApplication,
  ): Promise<CentreAnswer<{ applicationNo: string }>>
  /** 3204 */
  cancelClearing(call: CentreCall, applicationNo: string): Promise<CentreAnswer>
  /** 3260. A page of at most 100 rows, from `startRow`, the first of which is 1. */
  elsewhereRows(
    call: CentreCall,
    page: ClearingMonth & { startRow: number },
  ): Promise<CentreAnswer<ElsewhereRow[]>>
  /** 3261. What is not confirmed is left out of this month's clearing. */
  confirmElsewhere(
    call: CentreCall,
    confirmation: ClearingMonth & { rows: readonly (ElsewhereRow & { isConfirmed: boolean })[] },
  ): Promise<CentreAnswer<{ confirmationNo: string }>>
  /** 3262. Without a number, as where the answer to 3261 was lost, every confirmation of the month. */
  rollBackElsewhere(
    call: CentreCall,
    confirmation: ClearingMonth & { confirmationNo: string | null },
  ): Promise<CentreAnswer>
}

export type ClearingMonth = { year: string; month: string } // '2026', '01' to '12'

export type ClearingApplication = {
  clrType: string
  clrWay: string
  month: string // yyyyMM
  from: BusinessDate
  to: BusinessDate
  people: number // psntime: visits, by people
  totalFen: Fen
  /** Of the total, what is medical cost in the eyes of the clearing. */
  inScopeFen: Fen
  fundFen: Fen // without the personal account
  accountFen: Fen
  cashFen: Fen
}

/** A settlement of a patient from elsewhere, as the national platform counts it. */
export type ElsewhereRow = {
  rowNo: number
  region: string // mdtrtarea
  fixmedinsCode: string
  certificateNo: string
  mdtrtId: string
  settledAt: Date
  setlSn: string
  isPaidInAdvance: boolean // fulamt_advpay_flag
  totalFen: Fen
  fundFen: Fen // optins_pay_sumamt
}
