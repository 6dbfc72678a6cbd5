import { type Random, randomBelow } from '../../../kernel/random.ts'
import { type Clock, toShanghaiText } from '../../../kernel/time.ts'
import type { FaultPlan } from '../kit/simulator.ts'
import type { CatalogueItem, WorldInsurance, WorldPerson } from '../world/world.ts'
import type { HospitalLevel, Policy } from './policy.ts'
import type { Store } from './store.ts'
import type { Wire, WireObject } from './wire-json.ts'

/** What every transaction of the centre works with. */
export type Centre = {
  clock: Clock
  random: Random
  faults: FaultPlan
  store: Store
  admdvs: string
  policy: Policy
  signInRequired: boolean
  hospitals: ReadonlyMap<string, Hospital> // by 定点医药机构编号
  people: People
  catalogue: ReadonlyMap<string, CatalogueItem> // by med_list_codg
}

export type Hospital = {
  insuranceCode: string
  name: string
  level: HospitalLevel
  paasid: string
  secretKey: string
}

/** A person the centre insures. */
export type Member = { person: WorldPerson; insurance: WorldInsurance }

export type People = {
  byPersonNo: ReadonlyMap<string, Member>
  byCredential: ReadonlyMap<string, Member>
}

/** What the envelope of a message says that the centre needs to know. */
export type Envelope = {
  infno: string
  msgid: string
  insuplcAdmdvs: string | null
  fixmedinsCode: string
  signNo: string | null
  opter: string
  opterName: string
  input: WireObject
  /** Equal for equal messages, whatever the order of fields and the sign_no of the day. */
  fingerprint: string
}

/** One message that was read and believed, and the hospital that sent it. */
export type Call = Envelope & { hospital: Hospital; at: Date }

/** What a transaction answers: its output node, or a file as it is. */
export type Handler = (centre: Centre, call: Call) => Wire | Uint8Array

/** 区划6 + yyyyMMddHHmmss + ten digits: the form of every number the centre gives out. */
export function newNumber(centre: Centre, at: Date): string {
  return centre.admdvs + compactTime(at).slice(0, 14) + randomDigits(centre.random, 10)
}

/** yyyyMMddHHmmssSSS in Shanghai. */
export const compactTime = (at: Date): string =>
  toShanghaiText(at).replace(/\D/g, '') + at.toISOString().slice(20, 23)

const randomDigits = (random: Random, count: number) =>
  Array.from({ length: count }, () => randomBelow(random, 10)).join('')
