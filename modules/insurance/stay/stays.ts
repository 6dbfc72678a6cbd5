import type { HospitalId, Id } from '../../../kernel/id.ts'
import { addMs, MINUTE_MS } from '../../../kernel/time.ts'
import { inHospital } from '../../../platform/db.ts'
import type { Discharge, InpatientDiagnosis } from '../centre/inpatient.ts'
import { insuranceErrors } from '../errors.ts'
import type { Staff } from '../insurance-centre.ts'
import { askFiling, chooseInsurance } from '../insured-area.ts'
import type { Caller, NationalDependencies } from '../national.ts'
import { NOT_FILED } from '../quote.ts'
import {
  done,
  nextCall,
  notOk,
  refused,
  sendStayOnce,
  type StayAnswer,
  type StayWork,
  workOnStay,
} from './stay-work.ts'
import { known, moveStay, type Stay, stayAllows } from './stay.ts'
import { findStay, stayLinesOf, staySettlementsOf } from './store.ts'

export type NewStay = {
  personId: Id<'Person'>
  stayNo: string // the hospital's own number, at most 30 characters
  medType: string // 21, 22, 23, 24, 52, or a province's own
  useAccount: boolean
  department: Staff
  bed: string
  doctor: Staff
  admittedAt: Date
  diagnoses: InpatientDiagnosis[] // the first is the main one; at least one
}

export type StayEnd = Omit<Discharge, 'psnNo' | 'mdtrtId' | 'insutype'>

/** 2401 to 2405: a stay from its admission to its discharge. Everything may be asked again, and has the same effect as once. */
export function createStays(deps: NationalDependencies) {
  return {
    admitStay,
    dischargeStay,
    cancelStayDischarge,
    cancelStay,
    stayOf: (hospitalId: HospitalId, stayNo: string) => stayOf(deps, hospitalId, stayNo),
  }

  /** 1101, 5304 for somebody from elsewhere, and 2401. Codes of a refusal are those of a quote, and 'refused'. */
  function admitStay(caller: Caller, admission: NewStay): Promise<StayAnswer> {
    const opening = openingOf(deps, caller.hospitalId, admission)
    const { stayNo } = admission
    return workOnStay(deps, caller, { stayNo, opening }, async (work) => {
      if (work.stay().status !== 'admitting') return done(work)
      return (await identify(work)) ?? admit(work, admission)
    })
  }

  /** 2402 */
  function dischargeStay(caller: Caller, stayNo: string, end: StayEnd): Promise<StayAnswer> {
    return workOnStay(deps, caller, { stayNo }, async (work) => {
      if (work.stay().status === 'discharged') return done(work)
      if (!stayAllows(work.stay(), 'discharged')) return wrongMoment(work)
      const { psnNo, mdtrtId, insutype } = known(work.stay())
      const answer = await sendStayOnce(work, '2402', (call) =>
        work.centre.discharge(call, { ...end, psnNo, mdtrtId, insutype }),
      )
      if (answer.outcome !== 'ok') return notOk(answer)
      await work.save(moveStay(work.stay(), 'discharged', { intent: null, reason: null }))
      return done(work)
    })
  }

  /** 2405 */
  function cancelStayDischarge(caller: Caller, stayNo: string): Promise<StayAnswer> {
    return workOnStay(deps, caller, { stayNo }, async (work) => {
      if (work.stay().status === 'admitted') return done(work)
      if (!stayAllows(work.stay(), 'discharge_cancelled')) return wrongMoment(work)
      const { psnNo, mdtrtId } = known(work.stay())
      const answer = await sendStayOnce(work, '2405', (call) =>
        work.centre.cancelDischarge(call, { psnNo, mdtrtId }),
      )
      if (answer.outcome !== 'ok') return notOk(answer)
      const changes = { intent: null, figures: null, reason: null }
      await work.save(moveStay(work.stay(), 'discharge_cancelled', changes))
      return done(work)
    })
  }

  /** 2404: a stay that was admitted in error. The centre refuses it once lines are there. */
  function cancelStay(caller: Caller, stayNo: string): Promise<StayAnswer> {
    return workOnStay(deps, caller, { stayNo }, async (work) => {
      const { status, mdtrtId } = work.stay()
      if (status === 'ended') return done(work)
      if (status !== 'admitted' || mdtrtId === null) return wrongMoment(work)
      const { psnNo } = known(work.stay())
      const answer = await sendStayOnce(work, '2404', (call) =>
        work.centre.cancelAdmission(call, { psnNo, mdtrtId }),
      )
      if (answer.outcome !== 'ok') return notOk(answer)
      await work.save(moveStay(work.stay(), 'ended', { intent: null, reason: null }))
      return done(work)
    })
  }
}

/** Errors: throws insurance.stay_not_found. */
async function stayOf({ db }: NationalDependencies, hospitalId: HospitalId, stayNo: string) {
  return inHospital(db, hospitalId, async (tx) => {
    const stay = await findStay(tx, hospitalId, stayNo)
    if (!stay) throw insuranceErrors.stay_not_found({ stayNo })
    const lines = await stayLinesOf(tx, stay)
    return { stay, lines, settlements: await staySettlementsOf(tx, stay) }
  })
}

/** The stay is not where this can happen to it. */
export const wrongMoment = (work: StayWork): StayAnswer =>
  refused('stay_state', `the stay is ${work.stay().status}`)

async function identify(work: StayWork): Promise<StayAnswer | null> {
  const { centre, deps } = work
  if (work.stay().psnNo !== null) return null
  const [credential] = await work.credentials()
  if (!credential) return refused('not_insured', 'the person has no verified identity')
  const person = await centre.person(await nextCall(work), credential)
  if (person.outcome === 'refused') return refused(person.code ?? 'not_insured', person.message)
  if (person.outcome === 'unknown') return notOk(person)
  const { psnNo, insurances } = person.data
  const chosen = chooseInsurance(insurances)
  if ('code' in chosen) return refused(chosen.code, chosen.reason)
  const { insutype, insuredRegion } = chosen
  // The region is that of the person from now on, in the envelope of every message.
  const call = async () => ({ ...(await nextCall(work)), insuredRegion })
  const now = deps.clock.now()
  const filing = await askFiling(centre, call, { psnNo, insuredRegion, now })
  if (filing.outcome !== 'ok') return notOk(filing)
  if (filing.data === null && !centre.settlesUnfiled) return refused('not_filed', NOT_FILED)
  const standing = filing.data === 'local' ? null : filing.data
  await work.save({ ...work.stay(), psnNo, insutype, insuredRegion, filing: standing })
  return null
}

async function admit(work: StayWork, admission: NewStay): Promise<StayAnswer> {
  const { psnNo, insutype, medType, stayNo } = work.stay()
  const [credential] = await work.credentials()
  if (!credential || psnNo === null || insutype === null) {
    return refused('not_insured', 'the person has no verified identity')
  }
  const { department, bed, doctor, admittedAt, diagnoses } = admission
  const told = { department, bed, doctor, admittedAt, diagnoses, disease: null }
  const answer = await sendStayOnce(work, '2401', (call) =>
    work.centre.admit(call, { psnNo, insutype, credential, medType, stayNo, ...told }),
  )
  const mdtrtId =
    answer.outcome === 'again'
      ? await askForStay(work, admission)
      : answer.outcome === 'ok'
        ? answer.data.mdtrtId
        : null
  if (mdtrtId === null) return answer.outcome === 'ok' ? wrongMoment(work) : notOk(answer)
  await work.save(moveStay(work.stay(), 'admitted', { mdtrtId, intent: null, reason: null }))
  return done(work)
}

/** 5201, where a repeat of the admission was refused: perhaps the first one was heard. */
async function askForStay(work: StayWork, { admittedAt }: NewStay): Promise<string | null> {
  const { psnNo, medType, stayNo } = work.stay()
  if (psnNo === null) return null
  const answer = await work.centre.visits(await nextCall(work), {
    psnNo,
    medType,
    from: addMs(admittedAt, -MINUTE_MS),
    to: addMs(work.deps.clock.now(), MINUTE_MS),
  })
  const visits = answer.outcome === 'ok' ? answer.data : []
  return visits.find((visit) => visit.visitNo === stayNo)?.mdtrtId ?? null
}

const openingOf = (
  { newId, clock }: NationalDependencies,
  hospitalId: HospitalId,
  { personId, stayNo, medType, useAccount, ...admission }: NewStay,
): Stay => ({
  hospitalId,
  id: newId<'Stay'>(),
  personId,
  stayNo,
  status: 'admitting',
  psnNo: null,
  insutype: null,
  insuredRegion: null,
  filing: null,
  mdtrtId: null,
  medType,
  useAccount,
  admission: {
    department: admission.department,
    bed: admission.bed,
    doctor: admission.doctor,
    admittedAt: admission.admittedAt.toISOString(),
  },
  intent: null,
  figures: null,
  settledMsgid: null,
  voidMsgid: null,
  voidInDoubt: false,
  reason: null,
  createdAt: clock.now(),
})
