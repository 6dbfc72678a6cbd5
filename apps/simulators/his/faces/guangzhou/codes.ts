import type { HalfDay } from '../../clinics.ts'
import type { AnswerCode } from '../../protocol.ts'

// The enumerations of the city platform's interface, and the product's own result codes.

/** 1 上午, 4 中午, 2 下午, 3 晚上. */
export const TIME_FLAGS: Record<HalfDay, string> = { morning: '1', afternoon: '2', evening: '3' }

export const halfDayOf = (flag: string): HalfDay | null =>
  flag === '1' ? 'morning' : flag === '2' ? 'afternoon' : flag === '3' ? 'evening' : null

/** 0 停诊, 1 出诊. */
export const regStatusOf = (stopped: boolean): string => (stopped ? '0' : '1')

export const PAY_MODES = ['1', '2', '3', '4', '5', '6', '9', '10', '11', '12'] as const

/** 68 自费, 414 市医保, 415 省直, 419 异地. */
export const SELF_PAID = '68'
export const MED_CODES = [SELF_PAID, '414', '415', '419'] as const

/** 甲 乙 丙. */
export const MED_INS_CLASSES = { A: '1', B: '2', C: '3' } as const

/** The product's resultCode of what the hospital answers; UNKNOWN_CODE for a code that has none. */
export const resultCodeOf = (code: string): string =>
  RESULT_CODES.find(([known]) => known === code)?.[1] ?? UNKNOWN_CODE

export const WRONG_FIELD = '1001'
export const NO_SUCH_SERVICE = '9001'
const UNKNOWN_CODE = '9999'

const RESULT_CODES: readonly (readonly [AnswerCode, string])[] = [
  ['OK', '0'],
  ['SYSTEM_BUSY', '-1'],
  ['INVALID_REQUEST', WRONG_FIELD],
  ['PATIENT_NOT_FOUND', '1002'],
  ['IDENTITY_INVALID', '1003'],
  ['CLINIC_NOT_FOUND', '2001'],
  ['CLINIC_STOPPED', '2002'],
  ['SLOT_TAKEN', '2003'],
  ['SOLD_OUT', '2004'],
  ['LOCK_NOT_FOUND', '2005'],
  ['LOCK_EXPIRED', '2005'],
  ['ALREADY_REGISTERED', '2006'],
  ['REGISTRATION_NOT_FOUND', '2007'],
  ['REGISTRATION_NOT_PAID', '2008'],
  ['REGISTRATION_OVER', '2009'],
  ['CANCEL_NOT_ALLOWED', '2010'],
  ['CHECK_IN_NOT_NOW', '2011'],
  ['BILL_NOT_FOUND', '3001'],
  ['AMOUNT_MISMATCH', '3002'],
  ['BILL_ALREADY_PAID', '3003'],
  ['BILL_VOID', '3004'],
  ['BILL_CHANGED', '3005'],
  ['DUPLICATE_DIFFERENT', '3006'],
  ['REFUND_NOT_ALLOWED', '3007'],
]
