import { randomHex } from '../../../kernel/random.ts'
import { addMs, businessDateOf, type Clock, SECOND_MS } from '../../../kernel/time.ts'
import type { HospitalSystem } from '../hospital-system.ts'
import type { Ask } from '../interface/ask.ts'
import type { HisSchedule } from '../interface/booking.ts'
import type { HisCall } from '../interface/data.ts'
import { createHospitalSystem } from '../interface/system.ts'
import type { Fixtures } from './fixtures.ts'
import { type HandAnswer, type HandName, type HandRequest, isHandAnswer } from './hands.ts'
import { NotTried, prepared } from './outcome.ts'
import { type Exchanged, recordedAsk, recordedDoor } from './recorded.ts'
import { createStanding, type Standing } from './standing.ts'
import type { ConformanceDeps, ConformanceSubject, Door, Listener } from './subject.ts'

export type TestPatient = { patientNo: string; idCardNo: string; name: string }

/** One run against one implementation: what the checks work with, and what they leave behind. */
export type Session = {
  his: HospitalSystem
  ask: Ask
  call: HisCall
  clock: Clock
  fixtures: Fixtures
  standing: Standing
  /** Of registrations that were made and are not cancelled, to be cancelled when the run is over. */
  appointments: Set<string>
  /** Of bills that were opened, to be withdrawn when the run is over, where they are still open. */
  bills: Set<string>
  /** Clinics at which somebody was registered: one place for one person is all that hospitals give. */
  used: Set<string>
  /** A described system may know a bill only from its list, which the hub asks for first as well. */
  isDescribed: boolean
  offers(name: HandName): boolean
  /** Errors: NotTried when the sandbox cannot. */
  hand<N extends HandName>(name: N, body: HandRequest<N>): Promise<HandAnswer<N>>
  door(): Door
  listener(): Listener
  /** A business key of this run, never used before: 'P' for payments, 'R' for refunds. */
  newNo(letter: string): string
  /** A moment that has passed for both sides. */
  justNow(): Date
  patient(which: 0 | 1): Promise<TestPatient>
  /** The clinics of this day and the seven after it, asked for once. */
  clinics(): Promise<HisSchedule[]>
  moveTime(seconds: number): Promise<void>
}

export function createSession(
  subject: ConformanceSubject,
  fixtures: Fixtures,
  deps: ConformanceDeps,
  keep: (exchanged: Exchanged) => void,
): Session {
  const { clock, random, hands } = deps
  const ask = recordedAsk(subject.ask, keep)
  const his = createHospitalSystem(ask)
  const run = randomHex(random, 5).toUpperCase()
  const patients = new Map<number, Promise<TestPatient>>()
  let clinics: { of: string; list: HisSchedule[] } | null = null
  let numbers = 0
  const session: Session = {
    his,
    ask,
    call: CALL,
    clock,
    fixtures,
    standing: createStanding(),
    appointments: new Set(),
    bills: new Set(),
    used: new Set(),
    isDescribed: subject.door === null,
    offers: (name) => hands.offers.has(name),
    hand: (name, body) => handed(deps, name, body),
    door: () => recordedDoor(given(subject.door, LACKING.door), keep),
    listener: () => given(deps.listener, LACKING.listener),
    newNo: (letter) => `${letter}${run}${String((numbers += 1)).padStart(5, '0')}`,
    justNow: () => addMs(clock.now(), -SECOND_MS),
    patient(which) {
      const known = patients.get(which) ?? patientOf(session, which)
      patients.set(which, known)
      return known
    },
    async clinics() {
      const from = businessDateOf(clock.now())
      if (clinics?.of !== from) clinics = { of: from, list: await clinicsFrom(session) }
      return clinics.list
    },
    async moveTime(seconds) {
      const { now } = await session.hand('time.move', { seconds })
      deps.followTime(new Date(now))
    },
  }
  return session
}

/** What a run may lack, in words. */
export const LACKING = {
  door: {
    zh: '非标准协议，不检查签名与报文',
    en: 'not the standard wire: signatures and bodies are not tried',
  },
  listener: {
    zh: '未配置监听，收不到院方主动请求',
    en: 'no listener is set up for what the hospital sends of its own accord',
  },
} as const

export const lackingHand = (name: HandName) => ({
  zh: `沙箱未提供控制 ${name}`,
  en: `the sandbox has no hand ${name}`,
})

const CALL: HisCall = { trace() {} }

function given<T>(value: T | null, reason: { zh: string; en: string }): T {
  if (value === null) throw new NotTried(reason)
  return value
}

async function handed<N extends HandName>(
  { hands }: ConformanceDeps,
  name: N,
  body: HandRequest<N>,
): Promise<HandAnswer<N>> {
  if (!hands.offers.has(name)) throw new NotTried(lackingHand(name))
  const failed = (why: string) =>
    new NotTried({ zh: `沙箱控制 ${name} 失败：${why}`, en: `the hand ${name} failed: ${why}` })
  const answer = await hands.use(name, body as object).catch((error: unknown) => {
    throw failed(error instanceof Error ? error.message : String(error))
  })
  if (!isHandAnswer(name, answer)) throw failed('its answer has not the form of the page')
  return answer
}

async function patientOf({ his, call, fixtures }: Session, which: 0 | 1): Promise<TestPatient> {
  const person = given(fixtures.patients[which] ?? null, {
    zh: '没有测试患者',
    en: 'there is no such test patient',
  })
  const known = prepared('patients.resolve', await his.resolvePatient(call, person))
  return { ...person, patientNo: known.patientNo }
}

const DAYS_AHEAD = 7
const DAY_SECONDS = 86_400

async function clinicsFrom({ his, call, clock }: Session): Promise<HisSchedule[]> {
  const from = businessDateOf(clock.now())
  const to = businessDateOf(addMs(clock.now(), DAYS_AHEAD * DAY_SECONDS * SECOND_MS))
  return prepared('schedules.list', await his.schedules(call, { from, to, departmentCode: null }))
}
