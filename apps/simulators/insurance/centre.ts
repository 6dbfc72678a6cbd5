import { type Random, randomBelow } from '../../../kernel/random.ts'
import { type BusinessDate, type Clock, toShanghaiText } from '../../../kernel/time.ts'
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
  smKeys: { privateKey: string; publicKey: string } // the centre's own SM2 pair, in hex
  smUserId: string
  areas: ReadonlyMap<string, AreaRules> // by 参保地, other than here
  homeFilings: readonly HomeFiling[]
}

export type Hospital = {
  insuranceCode: string
  name: string
  level: HospitalLevel
  paasid: string // the client id, where the gateway is OAuth
  secretKey: string
  profile: Profile
  smPublicKey: string | null // SM2, in hex
  mobile: MobileApp | null
}

/** Who may use mobile payment, and the secret both sides derive the cipher's key from. */
export type MobileApp = { appId: string; appSecret: string }

/** What an area other than the centre's own pays for its people when they are treated here. */
export type AreaRules = {
  policy: Policy
  /** What is left of every share of the pooled fund for one who came without being filed. */
  unfiledPpm: number
}

/** A filing made at home, of which the centre learns when it looks it up. */
export type HomeFiling = { personNo: string; from: BusinessDate; to: BusinessDate | null }

/** A province's ways. All but the gateway is data. */
export type Profile = {
  name: string
  gateway: Gateway
  /** Whether fund_pay_sumamt holds the personal account; null where the centre's policy says it. */
  fundIncludesAccount: boolean | null
  amountsAs: 'number' | 'text'
  /** How the bytes of a file stand in fsUploadIn.in. */
  fileBytesAs: 'base64' | 'numbers'
  /** The codes of med_type that are in use here, local ones as well. */
  visitKinds: ReadonlyMap<string, VisitKind>
  /** By transaction: how the province writes a field, by its right name. */
  spelling: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export type VisitKind = {
  place: 'outpatient' | 'inpatient'
  clearingType: string // clr_type
  name: string
}

/** Who may call, and how a message is wrapped. */
export type Gateway = {
  name: 'rio' | 'oauth'
  /** Who calls, by the headers. */
  admit(centre: Centre, headers: Headers): GatewayVerdict
  /** The message with its plaintext input. Errors: a Refusal for what is not wrapped rightly. */
  open(centre: Centre, clientId: string, message: Wire): Wire
  /** The answer's JSON text as it goes back. */
  seal(centre: Centre, clientId: string, answer: string): string
}

export type Headers = Readonly<Record<string, unknown>>

export type GatewayVerdict =
  | { allowed: true; clientId: string }
  | { allowed: false; code: string; message: string }

/** A person the centre insures. */
export type Member = { person: WorldPerson; insurance: WorldInsurance }

export type People = {
  byPersonNo: ReadonlyMap<string, readonly Member[]> // one for each area of insurance
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
export type Call = Envelope & {
  hospital: Hospital
  at: Date
  refMsgid: string // inf_refmsgid of the answer
}

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
