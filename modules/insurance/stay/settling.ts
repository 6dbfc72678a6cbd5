import { assert } from '../../../kernel/assert.ts'
import { addFen, type Fen } from '../../../kernel/money.ts'
import type { InpatientLine, InpatientSettleRequest } from '../centre/inpatient.ts'
import { moveSettlement } from '../claim.ts'
import { asDone, resolveDoubt } from '../doubt.ts'
import { type Figures, sameMoney } from '../figures.ts'
import { isOfNumber } from '../message-number.ts'
import type { Caller, NationalDependencies } from '../national.ts'
import {
  askingAbout,
  done,
  nextCall,
  notOk,
  refused,
  sendStayOnce,
  type StayAnswer,
  type StayWork,
  unknown,
  workOnStay,
} from './stay-work.ts'
import { known, type KnownStay, moveStay, stayAllows, type StaySettlement } from './stay.ts'
import { wrongMoment } from './stays.ts'
import {
  forgetLines,
  insertStayLines,
  insertStaySettlement,
  markTold,
  stayLinesOf,
  staySettlementsOf,
  updateStaySettlement,
} from './store.ts'

/** As many lines as one 2301 takes. */
const LINES_A_MESSAGE = 100

/** 2301 to 2305: what a stay is charged for, what the insurance pays of it, and taking that back. */
export function createStaySettling(deps: NationalDependencies) {
  return {
    tellStayLines,
    preSettleStay,
    settleStay,
    cancelStaySettlement: (caller: Caller, stayNo: string) =>
      cancelStaySettlement(deps, caller, stayNo),
  }

  /**
   * 2301, a hundred lines at a time; those that the centre has are left out, so a day's list may be sent again. While an answer
   * is not known, the lines of that message must be among those given, as it is repeated as it was: else 'lines_pending'.
   */
  function tellStayLines(
    caller: Caller,
    stayNo: string,
    lines: readonly Omit<InpatientLine, 'medType'>[],
  ): Promise<StayAnswer> {
    return workOnStay(deps, caller, { stayNo }, async (work) => {
      if (work.stay().status !== 'admitted') return wrongMoment(work)
      const { medType } = work.stay()
      const given = new Map(lines.map((line) => [line.lineId, { ...line, medType }]))
      for (;;) {
        const stop = await tellSome(work, given)
        if (stop !== 'more') return stop
      }
    })
  }

  /** 2303: what the insurance would pay, before the discharge too. It changes nothing at the centre. */
  function preSettleStay(caller: Caller, stayNo: string): Promise<StayAnswer> {
    return workOnStay(deps, caller, { stayNo }, async (work) => {
      const { status } = work.stay()
      if (status !== 'admitted' && status !== 'discharged') return wrongMoment(work)
      const request = await requestOf(work)
      if ('outcome' in request) return request
      const answer = await work.centre.preSettleInpatient(await nextCall(work), request)
      if (answer.outcome !== 'ok') return notOk(answer)
      await work.save({ ...work.stay(), figures: answer.data, reason: null })
      return done(work)
    })
  }

  /**
   * 2304. A doubt left by an earlier try is resolved before anything is sent again: 5203, then 2601 under the number of the
   * message that was lost. `agreed` is what 2303 said last: another quote since then is 'quote_superseded'.
   */
  function settleStay(caller: Caller, stayNo: string, agreed: Figures): Promise<StayAnswer> {
    return workOnStay(deps, caller, { stayNo }, async (work) => {
      if (work.stay().status === 'settling') {
        const stop = await resolveSettlement(work)
        if (stop) return stop
      }
      const { status, figures } = work.stay()
      if (status === 'settled') return done(work)
      if (!stayAllows(work.stay(), 'settle_sent')) return wrongMoment(work)
      if (!figures || !sameMoney(figures, agreed)) {
        return refused('quote_superseded', 'not what was quoted last')
      }
      return settle(work)
    })
  }
}

/** 2305. As with a visit, a refusal after a cancellation that was lost proves nothing and stays unknown. */
function cancelStaySettlement(
  deps: NationalDependencies,
  caller: Caller,
  stayNo: string,
): Promise<StayAnswer> {
  return workOnStay(deps, caller, { stayNo }, async (work) => {
    if (work.stay().status === 'settling') {
      const stop = await resolveSettlement(work)
      if (stop) return stop
    }
    if (work.stay().status === 'cancelling') {
      const stop = await resolveCancellation(work)
      if (stop) return stop
    }
    if (work.stay().status === 'discharged') return done(work)
    if (!stayAllows(work.stay(), 'cancel_sent')) return wrongMoment(work)
    return cancel(work)
  })
}

async function tellSome(
  work: StayWork,
  given: ReadonlyMap<string, InpatientLine>,
): Promise<StayAnswer | 'more'> {
  const kept = await work.read((tx) => stayLinesOf(tx, work.stay()))
  const pending = kept.filter((line) => line.told === null).map((line) => line.lineId)
  const told = new Set(kept.filter((line) => line.told !== null).map((line) => line.lineId))
  const isRepeat = work.stay().intent?.infno === '2301'
  const ids = isRepeat
    ? pending
    : [...given.keys()].filter((id) => !told.has(id)).slice(0, LINES_A_MESSAGE)
  if (ids.length === 0) return done(work)
  const lines = ids.flatMap((id) => given.get(id) ?? [])
  if (lines.length < ids.length) return refused('lines_pending', `not given: ${pending.join(' ')}`)
  // Written with the intent: a message that is repeated must hold the same lines.
  await work.read((tx) => insertStayLines(tx, work.stay(), lines))
  const { psnNo, mdtrtId } = known(work.stay())
  const answer = await sendStayOnce(work, '2301', (call) =>
    work.centre.uploadInpatientDetails(call, { psnNo, mdtrtId, lines }),
  )
  if (answer.outcome === 'again') await tellOff(work, ids)
  if (answer.outcome === 'refused') await work.read((tx) => forgetLines(tx, work.stay(), ids))
  if (answer.outcome !== 'ok') return notOk(answer)
  await work.save({ ...work.stay(), intent: null, figures: null, reason: null }, (tx) =>
    markTold(tx, work.stay(), answer.data),
  )
  return 'more'
}

/** 2302 of lines of which nobody knows whether they are there; a refusal says that they are not. */
async function tellOff(work: StayWork, lineIds: readonly string[]): Promise<void> {
  const { psnNo, mdtrtId } = known(work.stay())
  const call = await nextCall(work)
  const answer = await work.centre.cancelInpatientDetails(call, { psnNo, mdtrtId, lineIds })
  if (answer.outcome !== 'unknown') await work.read((tx) => forgetLines(tx, work.stay(), lineIds))
}

/** What 2303 and 2304 ask alike: all lines that the centre has. */
async function requestOf(work: StayWork): Promise<InpatientSettleRequest | StayAnswer> {
  const stay = known(work.stay())
  const [credential] = await work.credentials()
  if (!credential) return refused('not_insured', 'the person has no verified identity')
  const lines = await work.read((tx) => stayLinesOf(tx, stay))
  if (lines.some(({ told }) => told === null)) {
    return refused('lines_pending', 'the centre has not answered every line')
  }
  const totalFen: Fen = addFen(...lines.map((line) => line.amountFen))
  const { psnNo, mdtrtId, insutype, useAccount } = stay
  return { psnNo, mdtrtId, insutype, useAccount, credential, totalFen, isMidStay: false }
}

async function settle(work: StayWork): Promise<StayAnswer> {
  const request = await requestOf(work)
  if ('outcome' in request) return request
  const sent = await newMessage(work, 'charge')
  await work.save(moveStay(work.stay(), 'settle_sent', { settledMsgid: sent.msgid }), (tx) =>
    insertStaySettlement(tx, sent),
  )
  const answer = await work.centre.settleInpatient(work.callUnder(sent.msgid), request)
  if (answer.outcome === 'unknown') return notOk(answer)
  if (answer.outcome === 'ok') {
    await writeSettled(work, asDone(sent, answer.data))
    return done(work)
  }
  const changes = { settledMsgid: null, reason: answer.message }
  await work.save(moveStay(work.stay(), 'settle_voided', changes), (tx) =>
    updateStaySettlement(tx, moveSettlement(sent, 'refused')),
  )
  return isOfNumber(answer) ? unknown(answer.message) : notOk(answer)
}

const writeSettled = (work: StayWork, made: StaySettlement): Promise<void> =>
  work.save(moveStay(work.stay(), 'settled', { figures: made.figures, reason: null }), (tx) =>
    updateStaySettlement(tx, made),
  )

/** Null once the outcome of 2304 is certain and written. */
async function resolveSettlement(work: StayWork): Promise<StayAnswer | null> {
  const sent = await messageOf(work, work.stay().settledMsgid)
  const verdict = await resolveDoubt(work.deps, askingAbout(work), sent)
  if (verdict.outcome === 'unknown') return verdict
  if (verdict.outcome === 'happened') await writeSettled(work, verdict.settlement)
  else {
    await work.save(moveStay(work.stay(), 'settle_voided', { settledMsgid: null }), (tx) =>
      updateStaySettlement(tx, verdict.settlement),
    )
  }
  return null
}

async function cancel(work: StayWork): Promise<StayAnswer> {
  const old = await messageOf(work, work.stay().settledMsgid)
  assert(old.setlId !== null && old.figures, 'what stands has happened')
  const { voidInDoubt } = work.stay()
  const sent = await newMessage(work, 'return')
  await work.save(moveStay(work.stay(), 'cancel_sent', { voidMsgid: sent.msgid }), (tx) =>
    insertStaySettlement(tx, sent),
  )
  const { psnNo, mdtrtId, setlId } = old
  const answer = await work.centre.cancelInpatientSettlement(work.callUnder(sent.msgid), {
    psnNo,
    mdtrtId,
    setlId,
  })
  if (answer.outcome === 'unknown') return notOk(answer)
  if (answer.outcome === 'ok') return recordCancelled(work, old, asDone(sent, answer.data))
  const changes = { voidMsgid: null, reason: answer.message }
  await work.save(moveStay(work.stay(), 'cancel_voided', changes), (tx) =>
    updateStaySettlement(tx, moveSettlement(sent, 'refused')),
  )
  return voidInDoubt || isOfNumber(answer) ? unknown(answer.message) : notOk(answer)
}

async function resolveCancellation(work: StayWork): Promise<StayAnswer | null> {
  const sent = await messageOf(work, work.stay().voidMsgid)
  const verdict = await resolveDoubt(work.deps, askingAbout(work), sent)
  if (verdict.outcome === 'unknown') return verdict
  if (verdict.outcome === 'happened') {
    const old = await messageOf(work, work.stay().settledMsgid)
    const answer = await recordCancelled(work, old, verdict.settlement)
    return answer.outcome === 'done' ? null : answer
  }
  const voidInDoubt = work.stay().voidInDoubt || verdict.settlement.status === 'absent'
  await work.save(moveStay(work.stay(), 'cancel_voided', { voidMsgid: null, voidInDoubt }), (tx) =>
    updateStaySettlement(tx, verdict.settlement),
  )
  return null
}

async function recordCancelled(
  work: StayWork,
  old: StaySettlement,
  made: StaySettlement,
): Promise<StayAnswer> {
  assert(old.figures && made.figures, 'both have happened')
  if (!sameMoney(old.figures, made.figures)) {
    return unknown('identity: the cancellation is of other amounts than the settlement')
  }
  const nothing = { settledMsgid: null, voidMsgid: null, voidInDoubt: false, figures: null }
  await work.save(moveStay(work.stay(), 'cancelled', { ...nothing, reason: null }), (tx) =>
    updateStaySettlement(tx, made),
  )
  return done(work)
}

async function newMessage(work: StayWork, kind: StaySettlement['kind']): Promise<StaySettlement> {
  const stay: KnownStay = known(work.stay())
  return {
    hospitalId: stay.hospitalId,
    msgid: await work.nextMsgid(),
    stayId: stay.id,
    kind,
    status: 'sent',
    psnNo: stay.psnNo,
    mdtrtId: stay.mdtrtId,
    setlId: null,
    insutype: stay.insutype,
    insuredRegion: stay.insuredRegion,
    clrType: null,
    clrOptins: null,
    figures: null,
    sentAt: work.deps.clock.now(),
    settledAt: null,
  }
}

async function messageOf(work: StayWork, msgid: string | null): Promise<StaySettlement> {
  const all = await work.read((tx) => staySettlementsOf(tx, work.stay()))
  const found = all.find((one) => one.msgid === msgid)
  assert(found, `settlement ${msgid ?? ''} is there`)
  return found
}
