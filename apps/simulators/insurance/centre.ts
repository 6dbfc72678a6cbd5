import { type Random, randomBelow } from '../../../kernel/random.ts'
import { type Clock, toShanghaiText } from '../../../kernel/time.ts'
import type { FaultPlan } from '../kit/simulator.ts'
import type { CatalogueItem } from '../world/world.ts'
import type { Envelope } from './envelope.ts'
import type { People } from './people.ts'
import type { HospitalLevel, Policy } from './policy.ts'
import type { Store } from './store.ts'
import type { Wire } from './wire-json.ts'

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
