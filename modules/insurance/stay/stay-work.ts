import type { HospitalId } from '../../../kernel/id.ts'
import { addMs, SECOND_MS } from '../../../kernel/time.ts'
import { inHospital, type Tx } from '../../../platform/db.ts'
import { LeaseLost, whileLeased } from '../../../platform/lease.ts'
import type { NationalCentre } from '../centre/national-centre.ts'
import { credentialsOf, msgidsOf } from '../claim-work.ts'
import type { Asking } from '../doubt.ts'
import { insuranceErrors } from '../errors.ts'
import type { CentreAnswer, CentreCall, Credential, InsuranceCentre } from '../insurance-centre.ts'
import { isOfNumber } from '../message-number.ts'
import type { Caller, NationalDependencies } from '../national.ts'
import type { Stay } from './stay.ts'
import { endStayLease, findStay, insertStay, leaseStay, saveStay } from './store.ts'

/** Longer than any call waits, so that only a dead worker loses a stay. Each save starts it anew. */
const LEASE_MS = 60 * SECOND_MS

/** A stay in the hands of one worker, who alone calls the centre about it. */
export type StayWork = {
  readonly deps: NationalDependencies
  readonly centre: NationalCentre
  stay(): Stay
  /** Throws LeaseLost when another worker has taken over: then nothing is written. */
  save(next: Stay, also?: (tx: Tx) => Promise<void>): Promise<void>
  read<T>(query: (tx: Tx) => Promise<T>): Promise<T>
  nextMsgid(): Promise<string>
  callUnder(msgid: string): CentreCall
  credentials(): Promise<Credential[]>
}

/** 'unknown': the centre has not said, or another worker has the stay; what was asked for is to be asked again. */
export type StayAnswer =
  | { outcome: 'done'; stay: Stay }
  | { outcome: 'refused'; code: string; reason: string }
  | { outcome: 'unknown'; reason: string }

/**
 * Has `task` done by one worker at a time. `opening` is written first where the hospital has no such stay.
 * Errors: throws insurance.not_connected, and insurance.stay_not_found without an opening.
 */
export async function workOnStay(
  deps: NationalDependencies,
  caller: Caller,
  { stayNo, opening }: { stayNo: string; opening?: Stay },
  task: (work: StayWork) => Promise<StayAnswer>,
): Promise<StayAnswer> {
  const { db, clock } = deps
  const { hospitalId } = caller
  const centre = await deps.nationalOf(hospitalId)
  if (!centre) throw insuranceErrors.not_connected({ hospitalId })
  const now = clock.now()
  const until = addMs(now, LEASE_MS)
  const held = await inHospital(db, hospitalId, async (tx) => {
    if (opening) await insertStay(tx, opening)
    return leaseStay(tx, hospitalId, stayNo, { now, until })
  })
  if (!held) return notHeld(deps, hospitalId, stayNo)
  const answer = await whileLeased(
    () => task(handsOn(deps, centre, caller, held)),
    () => inHospital(db, hospitalId, (tx) => endStayLease(tx, held.stay, held.leaseNo)),
  )
  return answer === 'busy' ? unknown('another worker has the stay') : answer
}

async function notHeld(
  { db }: NationalDependencies,
  hospitalId: HospitalId,
  stayNo: string,
): Promise<StayAnswer> {
  const stay = await inHospital(db, hospitalId, (tx) => findStay(tx, hospitalId, stayNo))
  if (!stay) throw insuranceErrors.stay_not_found({ stayNo })
  return unknown('another worker has the stay')
}

function handsOn(
  deps: NationalDependencies,
  centre: NationalCentre,
  { hospitalId, trace, signal = null }: Caller,
  held: { stay: Stay; leaseNo: number },
): StayWork {
  const { db, clock } = deps
  let stay = held.stay
  return {
    deps,
    centre,
    stay: () => stay,
    async save(next, also) {
      await inHospital(db, hospitalId, async (tx) => {
        const now = clock.now()
        const lease = { leaseNo: held.leaseNo, until: addMs(now, LEASE_MS), now }
        if (!(await saveStay(tx, next, lease))) throw new LeaseLost('the lease is over')
        await also?.(tx)
      })
      stay = next
    },
    read: (query) => inHospital(db, hospitalId, query),
    nextMsgid: msgidsOf(db, clock, hospitalId, centre),
    callUnder: (msgid) => ({ msgid, insuredRegion: stay.insuredRegion, trace, signal }),
    credentials: () => credentialsOf(deps.insuredPerson, stay.personId),
  }
}

export const nextCall = async (work: StayWork): Promise<CentreCall> =>
  work.callUnder(await work.nextMsgid())

/**
 * Sends a message that must not take effect twice: the intent is written first, and where an earlier try was never answered
 * the same message goes again under its own number. A repeat that is refused may be so for being one: 'again' then, and the
 * next try is a message of its own.
 */
export async function sendStayOnce<T>(
  work: StayWork,
  infno: string,
  send: (call: CentreCall) => Promise<CentreAnswer<T>>,
): Promise<CentreAnswer<T> | { outcome: 'again'; reason: string }> {
  const { intent } = work.stay()
  const earlier = intent?.infno === infno ? intent.msgid : null
  const msgid = earlier ?? (await work.nextMsgid())
  if (earlier === null) await work.save({ ...work.stay(), intent: { infno, msgid } })
  const answer = await send(work.callUnder(msgid))
  if (answer.outcome !== 'refused') return answer
  await work.save({ ...work.stay(), intent: null, reason: answer.message })
  const saysNothing = earlier !== null || isOfNumber(answer)
  return saysNothing ? { outcome: 'again', reason: answer.message } : answer
}

/** Whom to ask about 2304 and 2305, as of 2207 and 2208. */
export const askingAbout = (work: StayWork): Asking => {
  const { centre } = work
  const reverse: InsuranceCentre['reverse'] = (call, { psnNo, msgid, infno }) =>
    centre.reverseInpatient(call, { psnNo, msgid, infno: infno === '2207' ? '2304' : '2305' })
  return {
    nextMsgid: () => work.nextMsgid(),
    callUnder: (msgid) => work.callUnder(msgid),
    centre: { querySettlement: (...asked) => centre.querySettlement(...asked), reverse },
  }
}

export const done = (work: StayWork): StayAnswer => ({ outcome: 'done', stay: work.stay() })

export const unknown = (reason: string) => ({ outcome: 'unknown', reason }) as const

export const refused = (code: string, reason: string) =>
  ({ outcome: 'refused', code, reason }) as const

/** What an answer that is no yes means to whoever asked. */
export function notOk(
  answer: Exclude<CentreAnswer<unknown>, { outcome: 'ok' }> | { outcome: 'again'; reason: string },
): StayAnswer {
  return answer.outcome === 'refused'
    ? refused(answer.code ?? 'refused', answer.message)
    : unknown(answer.reason)
}
