import type { HospitalId, Id, NewId } from '../../kernel/id.ts'
import { addMs, type Clock, SECOND_MS } from '../../kernel/time.ts'
import { type Db, inHospital, type Tx } from '../../platform/db.ts'
import { LeaseLost, whileLeased } from '../../platform/lease.ts'
import type { ProviderCall } from '../payments/index.ts'
import type { FilingCentre } from './centre/filing.ts'
import type { MobileCentre } from './centre/mobile.ts'
import type { NationalCentre } from './centre/national-centre.ts'
import type { Claim } from './claim.ts'
import type { CentreAnswer, CentreCall, Credential, InsuranceCentre } from './insurance-centre.ts'
import { firstCountAt, msgidOf } from './msgid.ts'
import {
  endClaimLease,
  findClaim,
  insertClaim,
  leaseClaim,
  saveClaim,
  takeMsgids,
} from './store.ts'

/** What the module stands on. */
export type Dependencies = {
  db: Db
  clock: Clock
  newId: NewId
  centreOf: (hospitalId: HospitalId) => Promise<VisitCentre | null>
  /** Who the person is, fresh: a voucher's token lives for minutes and is not kept. */
  insuredPerson: (
    personId: Id<'Person'>,
  ) => Promise<{ voucherToken: string | null; idCardNo: string; name: string } | null>
  /** The same centre with all of the interface; without it there are visits alone. */
  nationalOf?: (hospitalId: HospitalId) => Promise<NationalCentre | null>
  /** 医保移动支付, a system of its own; without it, or where a hospital has none, it is not connected. */
  mobileOf?: (hospitalId: HospitalId) => Promise<MobileCentre | null>
  options?: Partial<InsuranceOptions>
}

export type InsuranceOptions = {
  /** How long all calls of a quote may take together, in real time: the payer waits. */
  quoteDeadlineMs: number
  /**
   * How long a message may still be on its way after nobody waits for its answer any more. Until
   * then "no such message" does not say that there will be none.
   */
  inFlightMs: number
}

export const DEFAULT_OPTIONS: InsuranceOptions = { quoteDeadlineMs: 6_000, inFlightMs: 15_000 }

/** What a visit is settled with: the outpatient set, and filings for whoever is from elsewhere. */
export type VisitCentre = InsuranceCentre & Pick<FilingCentre, 'transferFilings'>

/** A claim in the hands of one worker, who alone calls the centre about it. */
export type ClaimWork = {
  readonly centre: VisitCentre
  /** By what the person can be known now, the voucher first; none for one who is not verified. */
  readonly credentials: () => Promise<Credential[]>
  /** The claim as it stands, with what was noted and not yet written. */
  claim(): Claim
  /** Keeps a change in mind until the next save: for what a repeated message would tell again. */
  note(next: Claim): void
  /**
   * Writes the claim, and what belongs to it in the same transaction. Throws LeaseLost when another
   * worker has taken over: then nothing is written.
   */
  save(next: Claim, also?: (tx: Tx) => Promise<void>): Promise<void>
  read<T>(query: (tx: Tx) => Promise<T>): Promise<T>
  nextMsgid(): Promise<string>
  /** The frame of one call under this message number. */
  callUnder(msgid: string): CentreCall
}

/** Longer than any call waits, so that only a dead worker loses a claim. Each save starts it anew. */
const LEASE_MS = 30 * SECOND_MS
/** A quote needs five; what is left over of a block is never used. */
const MSGID_BLOCK = 6

/**
 * Has `work` done by one worker at a time. 'none': the payment has no claim. 'busy': another worker has
 * it, or has taken it over in the meantime; what this one was told meanwhile will be asked again.
 */
export async function workOnClaim<T>(
  deps: Dependencies,
  { call, centre, paymentId, opening, signal }: WorkRequest,
  work: (work: ClaimWork) => Promise<T>,
): Promise<T | 'none' | 'busy'> {
  const { db, clock } = deps
  const { hospitalId } = call
  const now = clock.now()
  const held = await inHospital(db, hospitalId, async (tx) => {
    if (opening) await insertClaim(tx, opening)
    return leaseClaim(tx, hospitalId, paymentId, { now, until: addMs(now, LEASE_MS) })
  })
  if (!held) {
    const known = await inHospital(db, hospitalId, (tx) => findClaim(tx, hospitalId, paymentId))
    return known ? 'busy' : 'none'
  }
  const { claim, leaseNo } = held
  return whileLeased(
    () => work(handsOn(deps, { call, centre, signal: signal ?? null }, claim, leaseNo)),
    () => inHospital(db, hospitalId, (tx) => endClaimLease(tx, claim, leaseNo)),
  )
}

export type WorkRequest = {
  call: ProviderCall
  centre: VisitCentre
  paymentId: Id<'Payment'>
  /** Written first when the payment has no claim yet. */
  opening?: Claim
  signal?: AbortSignal
}

function handsOn(
  { db, clock, insuredPerson }: Dependencies,
  { call, centre, signal }: { call: ProviderCall; centre: VisitCentre; signal: AbortSignal | null },
  leased: Claim,
  leaseNo: number,
): ClaimWork {
  const { hospitalId } = call
  const nextMsgid = msgidsOf(db, clock, hospitalId, centre)
  let claim = leased
  return {
    centre,
    nextMsgid,
    claim: () => claim,
    note: (next) => void (claim = next),
    read: (query) => inHospital(db, hospitalId, query),
    credentials: () => credentialsOf(insuredPerson, claim.personId),
    async save(next, also) {
      await inHospital(db, hospitalId, async (tx) => {
        const now = clock.now()
        if (!(await saveClaim(tx, next, { leaseNo, until: addMs(now, LEASE_MS), now }))) {
          throw new LeaseLost('another worker has the claim')
        }
        await also?.(tx)
      })
      claim = next
    },
    callUnder: (msgid) => ({
      msgid,
      insuredRegion: claim.insuredRegion,
      trace: call.trace,
      signal,
    }),
  }
}

/** Gives out message numbers from blocks that are taken from the hospital's counter. */
export function msgidsOf(
  db: Db,
  clock: Clock,
  hospitalId: HospitalId,
  { fixmedinsCode }: Pick<InsuranceCentre, 'fixmedinsCode'>,
): () => Promise<string> {
  const counts: number[] = []
  return async () => {
    if (counts.length === 0) {
      const last = await inHospital(db, hospitalId, (tx) =>
        takeMsgids(tx, hospitalId, { count: MSGID_BLOCK, firstNow: firstCountAt(clock.now()) }),
      )
      for (let i = MSGID_BLOCK - 1; i >= 0; i--) counts.push(last - i)
    }
    return msgidOf(fixmedinsCode, counts.shift() ?? 0)
  }
}

/** By what a person can be known now, the voucher first. */
export async function credentialsOf(
  insuredPerson: Dependencies['insuredPerson'],
  personId: Id<'Person'>,
): Promise<Credential[]> {
  const person = await insuredPerson(personId)
  if (!person) return []
  const { voucherToken, idCardNo, name } = person
  const idCard: Credential = { kind: 'id_card', number: idCardNo, name }
  return voucherToken === null
    ? [idCard]
    : [{ kind: 'voucher', number: voucherToken, name }, idCard]
}

/**
 * Sends a message that must not take effect twice: the intent is written first, and when an earlier
 * try was never answered, the same message goes again under its own number.
 *
 * 'start_over': the repeat was refused. It may be just for being a repeat, so it says nothing of the
 * matter itself; only a fresh message can.
 */
export async function sendOnce<T>(
  work: ClaimWork,
  infno: string,
  send: (call: CentreCall) => Promise<CentreAnswer<T>>,
): Promise<CentreAnswer<T> | { outcome: 'start_over' }> {
  const { intent } = work.claim()
  const earlier = intent?.infno === infno ? intent.msgid : null
  const msgid = earlier ?? (await work.nextMsgid())
  if (earlier === null) await work.save({ ...work.claim(), intent: { infno, msgid } })
  const answer = await send(work.callUnder(msgid))
  if (answer.outcome !== 'refused') return answer
  if (earlier !== null) return { outcome: 'start_over' }
  await work.save({ ...work.claim(), intent: null })
  return answer
}
