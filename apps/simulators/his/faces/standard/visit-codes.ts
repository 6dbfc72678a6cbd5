import type { Answer } from '../../protocol.ts'

/** An answer of the hospital's in the words of the interface, which has fewer of them. */
export function inWords(answer: Answer): Answer {
  const code = WORDS[answer.code]
  return code === undefined ? answer : { code, message: answer.message }
}

/** The same, with what the hospital answers put into the interface's fields. */
export const told = <Data>(answer: Answer, translate: (data: Data) => object): Answer =>
  answer.code === 'OK' ? { ...answer, data: translate(answer.data as Data) } : inWords(answer)

const WORDS: Partial<Record<string, string>> = {
  CLINIC_NOT_FOUND: 'SCHEDULE_NOT_FOUND',
  CLINIC_STOPPED: 'SCHEDULE_STOPPED',
  LOCK_NOT_FOUND: 'LOCK_EXPIRED',
  ALREADY_REGISTERED: 'SLOT_TAKEN',
  REGISTRATION_NOT_PAID: 'INVALID_REQUEST',
  REGISTRATION_OVER: 'REGISTRATION_NOT_FOUND',
  CANCEL_NOT_ALLOWED: 'TOO_LATE',
  CHECK_IN_NOT_NOW: 'TOO_LATE',
  IDENTITY_INVALID: 'INVALID_REQUEST',
  STAY_NOT_LEAVING: 'INVALID_REQUEST',
  STAY_OVER: 'TOO_LATE',
  BALANCE_TOO_SMALL: 'AMOUNT_MISMATCH',
}
