import type { HalfDay } from '../../clinics.ts'
import type { AnswerCode } from '../../protocol.ts'

// The gateway's words: trade modes, the states of an order, and its numbers for what went wrong.

/** CA 现金, DB 银行卡, MIC 医保卡, OC 预缴金, ZFB 支付宝, WX 微信. */
export const TRADE_MODES = ['CA', 'DB', 'MIC', 'OC', 'ZFB', 'WX'] as const
export type TradeMode = (typeof TRADE_MODES)[number]

/** 处理中, 成功, 失败, 失效, 退款成功, 退款失败. */
export const ORDER = {
  processing: '101',
  done: '200',
  failed: '201',
  over: '400',
  refunded: '500',
  notRefunded: '501',
} as const

export const AM_PM: Record<HalfDay, string> = { morning: '1', afternoon: '2', evening: '3' }

export const codeOf = (code: string): number =>
  CODES.find(([known]) => known === code)?.[1] ?? UNKNOWN

export const NOT_SIGNED = -3
export const NO_SUCH_SERVICE = -4
export const WRONG_FIELD = -2
const UNKNOWN = -9999

const CODES: readonly (readonly [AnswerCode, number])[] = [
  ['OK', 0],
  ['SYSTEM_BUSY', -1],
  ['INVALID_REQUEST', WRONG_FIELD],
  ['PATIENT_NOT_FOUND', -1001],
  ['IDENTITY_INVALID', -1002],
  ['CLINIC_NOT_FOUND', -2001],
  ['CLINIC_STOPPED', -2002],
  ['SLOT_TAKEN', -2003],
  ['SOLD_OUT', -2004],
  ['LOCK_NOT_FOUND', -2005],
  ['LOCK_EXPIRED', -2006],
  ['ALREADY_REGISTERED', -2007],
  ['REGISTRATION_NOT_FOUND', -2008],
  ['REGISTRATION_NOT_PAID', -2009],
  ['REGISTRATION_OVER', -2010],
  ['CANCEL_NOT_ALLOWED', -2011],
  ['CHECK_IN_NOT_NOW', -2012],
  ['BILL_NOT_FOUND', -3001],
  ['AMOUNT_MISMATCH', -3002],
  ['BILL_ALREADY_PAID', -3003],
  ['BILL_VOID', -3004],
  ['BILL_CHANGED', -3005],
  ['DUPLICATE_DIFFERENT', -3006],
  ['REFUND_NOT_ALLOWED', -3007],
  ['STAY_NOT_FOUND', -4001],
  ['STAY_NOT_LEAVING', -4002],
  ['STAY_OVER', -4003],
  ['BALANCE_TOO_SMALL', -4004],
]
