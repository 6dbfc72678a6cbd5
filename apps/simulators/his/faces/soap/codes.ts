import type { HalfDay } from '../../clinics.ts'
import type { AnswerCode } from '../../protocol.ts'

/** 1 银联 2 支付宝 3 现场 4 医保账户 5 微信 6 建行 7 中行 8 柳行 9 招商. */
export const PAY_TYPES = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

/** 3 挂号 4 问诊 5 缴费 6 住院, of what is paid for. */
export const POTYPE = { registration: '3', bill: '5', stay: '6' } as const

export const PERIODS: Record<HalfDay, string> = { morning: '1', afternoon: '2', evening: '3' }

export const DONE = '1'
export const NO_ACCOUNT = '-101'
export const WRONG_FIELD = '-100'

export const codeOf = (code: string): string =>
  CODES.find(([known]) => known === code)?.[1] ?? '-999'

const CODES: readonly (readonly [AnswerCode, string])[] = [
  ['OK', DONE],
  ['SYSTEM_BUSY', '-1'],
  ['INVALID_REQUEST', WRONG_FIELD],
  ['PATIENT_NOT_FOUND', '-201'],
  ['IDENTITY_INVALID', '-202'],
  ['CLINIC_NOT_FOUND', '-301'],
  ['CLINIC_STOPPED', '-302'],
  ['SLOT_TAKEN', '-303'],
  ['SOLD_OUT', '-304'],
  ['LOCK_NOT_FOUND', '-305'],
  ['LOCK_EXPIRED', '-305'],
  ['ALREADY_REGISTERED', '-306'],
  ['REGISTRATION_NOT_FOUND', '-307'],
  ['REGISTRATION_NOT_PAID', '-308'],
  ['REGISTRATION_OVER', '-309'],
  ['CANCEL_NOT_ALLOWED', '-310'],
  ['CHECK_IN_NOT_NOW', '-311'],
  ['BILL_NOT_FOUND', '-401'],
  ['AMOUNT_MISMATCH', '-402'],
  ['BILL_ALREADY_PAID', '-403'],
  ['BILL_VOID', '-404'],
  ['BILL_CHANGED', '-405'],
  ['DUPLICATE_DIFFERENT', '-406'],
  ['REFUND_NOT_ALLOWED', '-407'],
  ['REPORT_NOT_FOUND', '-501'],
  ['STAY_NOT_FOUND', '-601'],
  ['STAY_NOT_LEAVING', '-602'],
  ['STAY_OVER', '-603'],
  ['BALANCE_TOO_SMALL', '-604'],
]
