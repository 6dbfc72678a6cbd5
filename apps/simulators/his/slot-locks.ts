import { addMs, MINUTE_MS, toShanghaiIso } from '../../../kernel/time.ts'
import { type Clinic, findClinic, isStopped, type Slot, slotsOf } from './clinics.ts'
import { type His, nextNumber } from './context.ts'
import { hasAnswer, remember, repeatedAnswer } from './memory.ts'
import { type Answer, done, refusal } from './protocol.ts'

const LOCK_MINUTES = 5

export type LockSlot = {
  /** The caller's own number of the lock. */
  lockKey: string
  clinicNo: string
  /** Null for the first that is free. */
  number: number | null
  /** Five minutes where left out. */
  holdMs?: number
  patientNo?: string
}

/** `slots.lock`, key `lockKey`: holds a slot for some minutes, for whoever names the lock. */
export function lockSlot(his: His, body: LockSlot): Answer {
  const { store, clock } = his
  const repeated = repeatedAnswer(store, 'slots.lock', body.lockKey, body)
  if (repeated) return repeated
  if (hasAnswer(store, 'slots.unlock', body.lockKey)) {
    return refusal('LOCK_EXPIRED', 'the lock was let go before it came')
  }
  const clinic = findClinic(his, body.clinicNo)
  if (!clinic) return refusal('CLINIC_NOT_FOUND', 'no clinic has this number')
  const slot = freeSlot(his, clinic, body.number)
  if ('code' in slot) return slot

  const lockNo = nextNumber(his, 'lock')
  const expiresAt = addMs(clock.now(), body.holdMs ?? LOCK_MINUTES * MINUTE_MS)
  const sql = `insert into slot_lock values (?, ?, ?, ?, ?, 'held')`
  store.run(sql, lockNo, body.lockKey, clinic.clinicNo, slot.number, expiresAt.toISOString())
  const answer = done({
    lockNo,
    clinicNo: clinic.clinicNo,
    number: slot.number,
    startAt: toShanghaiIso(slot.startAt),
    endAt: toShanghaiIso(slot.endAt),
    expiresAt: toShanghaiIso(expiresAt),
  })
  return remember(store, 'slots.lock', body.lockKey, body, answer)
}

/** `slots.unlock`: done as well for a lock that ran out or was let go before. */
export function unlockSlot(his: His, { lockNo }: { lockNo: string }): Answer {
  const lock = findLock(his, lockNo)
  if (!lock) return refusal('LOCK_NOT_FOUND', 'no lock has this number')
  if (lock.status === 'used') return refusal('LOCK_NOT_FOUND', 'the lock became a registration')
  if (lock.status === 'held') setLock(his, lock.lock_no, 'released')
  return done({})
}

/** A slot that can be had, or why it cannot. */
export function freeSlot(his: His, clinic: Clinic, number: number | null): Slot | Answer {
  if (isStopped(his, clinic)) return refusal('CLINIC_STOPPED', 'the clinic does not take place')
  const slots = slotsOf(his, clinic)
  const slot = slots.find((s) => (number === null ? s.state === 'free' : s.number === number))
  if (number === null) return slot ?? refusal('SOLD_OUT', 'no slot is left')
  if (!slot) return refusal('SLOT_TAKEN', `the clinic has no slot ${number}`)
  if (slot.state === 'free') return slot
  return refusal('SLOT_TAKEN', `the slot is ${slot.state}`)
}

/** By the hospital's number of it, or the caller's. */
export const findLock = ({ store }: His, number: string): LockRow | null =>
  store.get<LockRow>('select * from slot_lock where lock_no = ? or lock_key = ?', number, number)

export const setLock = ({ store }: His, lockNo: string, status: LockRow['status']): number =>
  store.run('update slot_lock set status = ? where lock_no = ?', status, lockNo)

type LockRow = {
  lock_no: string
  lock_key: string
  clinic_no: string
  number: number
  expires_at: string
  status: 'held' | 'released' | 'expired' | 'used'
}
