import { sm2 } from 'sm-crypto-v2'

import { assert } from '../../../kernel/assert.ts'
import type { Fen } from '../../../kernel/money.ts'
import { type Random, randomHex } from '../../../kernel/random.ts'
import type { BusinessDate, Clock } from '../../../kernel/time.ts'
import type { FaultPlan, Simulator } from '../kit/simulator.ts'
import type { CatalogueItem, WorldInsurance, WorldPerson } from '../world/world.ts'
import { balanceOf, checkBooks, openAccounts } from './books.ts'
import { publishItems } from './catalogue/versions.ts'
import type { AreaRules, Centre, HomeFiling, Hospital, MobileApp } from './centre.ts'
import { runDue } from './mobile/due.ts'
import { nextDue } from './mobile/pay.ts'
import { issueToken } from './mobile/voucher.ts'
import { peopleOf } from './people.ts'
import { defaultPolicy, type HospitalLevel, type Policy } from './policy.ts'
import { type ProfileName, PROFILES } from './profiles/profile.ts'
import { totalsOf } from './reconciliation.ts'
import { serve } from './server.ts'
import { listSettlements, type Settlement, toSettlement } from './settlements.ts'
import { openStore } from './store.ts'
import { findVisit } from './visits.ts'

export type { HomeFiling } from './centre.ts'
export type { ProfileName } from './profiles/profile.ts'
export { defaultPolicy, type Policy, type SchemePolicy } from './policy.ts'

export type InsuranceCentreOptions = {
  clock: Clock
  random: Random
  faults: FaultPlan
  /** Made if it is not there; what it holds goes on. One centre owns it at a time. */
  databaseFile: string
  /** 0 for any that is free. */
  port: number
  /** 统筹区, six digits. */
  admdvs: string
  hospitals: {
    insuranceCode: string
    name: string
    level: HospitalLevel
    paasid: string // the OAuth client id, of 16 characters, where the profile is jilin
    secretKey: string
    /** Of the province's ways; the centre's own unless told. */
    profile?: ProfileName
    /** The hospital's SM2 public key in hex, where messages are signed. */
    smPublicKey?: string
    /** For mobile payment (6201 …), where the hospital has it; wants smPublicKey. */
    mobile?: MobileApp
  }[]
  people: WorldPerson[]
  catalogue: CatalogueItem[]
  policy?: Policy
  /** The province's ways, of every hospital that does not say its own; 'standard' unless told. */
  profile?: ProfileName
  /** The centre's SM2 private key in hex; drawn by chance unless told. */
  smPrivateKey?: string
  /** The SM2 user id of both sides; the standard's default unless told. */
  smUserId?: string
  /** By 参保地: what other areas pay for their people. The default policy, reduced, unless told. */
  areas?: Record<string, AreaRules>
  /** Filings that people from elsewhere made at home. */
  homeFilings?: HomeFiling[]
  /** Who is insured in a second area as well, under the same psn_no. */
  secondInsurances?: { personNo: string; insurance: WorldInsurance }[]
  /** Whether calls other than 9001 need a sign_no of the day; they do unless it is false. */
  signInRequired?: boolean
}

/** A centre that runs, and what a driver or a test may see of its books without the wire. */
export type InsuranceCentreSimulator = Simulator & {
  /** The key by which a hospital checks the centre's SM2 signatures, in hex. */
  readonly smPublicKey: string
  /** The centre's list, in the order of making: what was reversed by 2601 is not on it. */
  settlements(date?: BusinessDate): CentreSettlement[]
  /** What a person taps on their phone: a payAuthNo, good for ten minutes. */
  authorize(personNo: string): string
  /** Puts items on the national catalogue, or changes them: a new version. Gives how many did. */
  publishCatalogue(items: readonly CatalogueItem[]): number
  /** 个人账户. */
  balanceOf(personNo: string): Fen
  /**
   * What the centre has for a hospital on a day, refunds with their own date and below zero;
   * outpatients ('11') unless another clr_type is named.
   */
  totals(date: BusinessDate, hospitalCode: string, clearingType?: string): CentreTotals
  /** Every way in which the books contradict themselves; none when all is well. */
  checkBooks(): string[]
}

export type CentreSettlement = {
  settlementId: string // setl_id
  msgid: string
  visitId: string // mdtrt_id
  visitNo: string // ipt_otp_no
  registration: number // the how-manieth of that visit number
  batchNo: string
  personNo: string
  hospitalCode: string
  scheme: '310' | '390'
  isRefund: boolean
  /** Of a refund: the settlement it takes back. */
  originalId: string | null
  /** A settlement that a refund has taken back stays on the list. */
  isRefunded: boolean
  settledAt: Date
  businessDate: BusinessDate
  totalFen: Fen
  fundFen: Fen // fund_pay_sumamt
  accountFen: Fen
  cashFen: Fen
}

export type CentreTotals = {
  count: number
  totalFen: Fen
  fundFen: Fen
  accountFen: Fen
  cashFen: Fen
}

/**
 * Starts a medical insurance centre (国家医保信息平台) on HTTP, with books of its own.
 *
 * Errors: asserts on options that no centre could be run with.
 * Source: 医疗保障信息平台定点医药机构接口规范, outpatient, reconciliation and files.
 */
export async function startInsuranceCentre(
  options: InsuranceCentreOptions,
): Promise<InsuranceCentreSimulator> {
  checkOptions(options)
  const store = openStore(options.databaseFile)
  const catalogue = new Map(options.catalogue.map((item) => [item.nationalCode, item]))
  const centre: Centre = {
    clock: options.clock,
    random: options.random,
    faults: options.faults,
    store,
    admdvs: options.admdvs,
    policy: options.policy ?? defaultPolicy,
    signInRequired: options.signInRequired ?? true,
    hospitals: new Map(hospitalsOf(options).map((one) => [one.insuranceCode, one])),
    people: peopleOf(options.people, options.secondInsurances ?? []),
    catalogue,
    smKeys: smKeysOf(options),
    smUserId: options.smUserId ?? '1234567812345678',
    areas: new Map(Object.entries(options.areas ?? {})),
    homeFilings: options.homeFilings ?? [],
  }
  openAccounts(store, options.people)
  publishItems(centre, options.catalogue)
  const server = await serve(centre, options.port)

  return {
    name: 'insurance',
    url: server.url,
    smPublicKey: centre.smKeys.publicKey,
    nextDueAt: () => nextDue(centre),
    runDue: () => Promise.resolve(runDue(centre)),
    async stop() {
      await server.stop()
      store.close()
    },
    settlements: (date) => listAll(centre, date).map((row) => viewOf(centre, row)),
    authorize(personNo) {
      const member = centre.people.byPersonNo.get(personNo)?.[0]
      assert(member, `${personNo} is insured`)
      return issueToken(centre, member)
    },
    publishCatalogue(items) {
      for (const item of items) catalogue.set(item.nationalCode, item)
      return publishItems(centre, items)
    },
    balanceOf: (personNo) => balanceOf(store, personNo),
    totals: (...of) => totalsOn(centre, ...of),
    checkBooks: () => checkBooks(store),
  }
}

function checkOptions(options: InsuranceCentreOptions) {
  assert(/^\d{6}$/.test(options.admdvs), `admdvs ${options.admdvs} is six digits`)
  const codes = options.hospitals.map((hospital) => hospital.insuranceCode)
  assert(new Set(codes).size === codes.length, 'every hospital has a code of its own')
  for (const code of codes) assert(code.length === 12, `hospital code ${code} has 12 characters`)
  for (const item of options.catalogue) {
    const { firstSharePpm: share, nationalCode } = item
    assert(share >= 0 && share <= 1_000_000, `first share of ${nationalCode} is a share`)
  }
}

function hospitalsOf(options: InsuranceCentreOptions): Hospital[] {
  return options.hospitals.map((hospital) => {
    const profile = PROFILES[hospital.profile ?? options.profile ?? 'standard']
    if (profile.gateway.name === 'oauth') {
      assert(hospital.paasid.length === 16, `client id of ${hospital.insuranceCode} keys SM4`)
      assert(hospital.smPublicKey, `${hospital.insuranceCode} signs, and has a public key`)
    }
    const mobile = hospital.mobile ?? null
    if (mobile) {
      assert(mobile.appId.length >= 16, `appId of ${hospital.insuranceCode} keys SM4`)
      assert(hospital.smPublicKey, `${hospital.insuranceCode} signs, and has a public key`)
    }
    return { ...hospital, profile, mobile, smPublicKey: hospital.smPublicKey ?? null }
  })
}

function smKeysOf({ smPrivateKey, random, hospitals }: InsuranceCentreOptions) {
  // Chance is not asked where nothing is signed, so that a run without goes on as it always did.
  const signs = hospitals.some(({ smPublicKey }) => smPublicKey !== undefined)
  const privateKey = smPrivateKey ?? (signs ? randomHex(random, 32) : '1'.padStart(64, '0'))
  return { privateKey, publicKey: sm2.getPublicKeyFromPrivateKey(privateKey) }
}

function listAll({ store }: Centre, date: BusinessDate | undefined): Settlement[] {
  const rows = store.all(
    `select * from settlement where status <> 'reversed' and (? is null or business_date = ?)
     order by seq`,
    [date ?? null, date ?? null],
  )
  return rows.map(toSettlement)
}

function totalsOn(
  centre: Centre,
  date: BusinessDate,
  hospitalCode: string,
  clearingType = '11',
): CentreTotals {
  const rows = listSettlements(centre, {
    fixmedinsCode: hospitalCode,
    from: date,
    to: date,
    insutype: null,
    clrType: clearingType,
    withRefunds: true,
  })
  return totalsOf(rows)
}

function viewOf(centre: Centre, row: Settlement): CentreSettlement {
  const visit = findVisit(centre, row.visitId)
  assert(visit !== null, `settlement ${row.id} is of a visit`)
  return {
    settlementId: row.id,
    msgid: row.msgid,
    visitId: row.visitId,
    visitNo: visit.visitNo,
    registration: visit.ordinal,
    batchNo: row.batchNo,
    personNo: row.personNo,
    hospitalCode: row.fixmedinsCode,
    scheme: row.scheme,
    isRefund: row.originalId !== null,
    originalId: row.originalId,
    isRefunded: row.status === 'refunded',
    settledAt: row.settledAt,
    businessDate: row.businessDate,
    totalFen: row.figures.totalFen,
    fundFen: row.figures.fundPaySumFen,
    accountFen: row.figures.accountFen,
    cashFen: row.figures.cashFen,
  }
}
