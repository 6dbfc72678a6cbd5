import { assert } from '../../../kernel/assert.ts'
import type { Fen } from '../../../kernel/money.ts'
import type { Random } from '../../../kernel/random.ts'
import type { BusinessDate, Clock } from '../../../kernel/time.ts'
import type { FaultPlan, Simulator } from '../kit/simulator.ts'
import type { CatalogueItem, WorldPerson } from '../world/world.ts'
import { balanceOf, checkBooks, openAccounts } from './books.ts'
import type { Centre } from './centre.ts'
import { peopleOf } from './people.ts'
import { defaultPolicy, type HospitalLevel, type Policy } from './policy.ts'
import { totalsOf } from './reconciliation.ts'
import { serve } from './server.ts'
import { CLEARING_TYPE, listSettlements, type Settlement, toSettlement } from './settlements.ts'
import { openStore } from './store.ts'
import { findVisit } from './visits.ts'

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
    paasid: string
    secretKey: string
  }[]
  people: WorldPerson[]
  catalogue: CatalogueItem[]
  policy?: Policy
  /** Whether calls other than 9001 need a sign_no of the day; they do unless it is false. */
  signInRequired?: boolean
}

/** A centre that runs, and what a driver or a test may see of its books without the wire. */
export type InsuranceCentreSimulator = Simulator & {
  /** The centre's list, in the order of making: what was reversed by 2601 is not on it. */
  settlements(date?: BusinessDate): CentreSettlement[]
  /** 个人账户. */
  balanceOf(personNo: string): Fen
  /** What the centre has for a hospital on a day, refunds with their own date and below zero. */
  totals(date: BusinessDate, hospitalCode: string): CentreTotals
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
  const centre: Centre = {
    clock: options.clock,
    random: options.random,
    faults: options.faults,
    store,
    admdvs: options.admdvs,
    policy: options.policy ?? defaultPolicy,
    signInRequired: options.signInRequired ?? true,
    hospitals: new Map(options.hospitals.map((hospital) => [hospital.insuranceCode, hospital])),
    people: peopleOf(options.people),
    catalogue: new Map(options.catalogue.map((item) => [item.nationalCode, item])),
  }
  openAccounts(store, options.people)
  const server = await serve(centre, options.port)

  return {
    name: 'insurance',
    url: server.url,
    nextDueAt: () => null, // the centre only ever answers
    runDue: () => Promise.resolve(0),
    async stop() {
      await server.stop()
      store.close()
    },
    settlements: (date) => listAll(centre, date).map((row) => viewOf(centre, row)),
    balanceOf: (personNo) => balanceOf(store, personNo),
    totals: (date, hospitalCode) => totalsOn(centre, date, hospitalCode),
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

function listAll({ store }: Centre, date: BusinessDate | undefined): Settlement[] {
  const rows = store.all(
    `select * from settlement where status <> 'reversed' and (? is null or business_date = ?)
     order by seq`,
    [date ?? null, date ?? null],
  )
  return rows.map(toSettlement)
}

function totalsOn(centre: Centre, date: BusinessDate, hospitalCode: string): CentreTotals {
  const rows = listSettlements(centre, {
    fixmedinsCode: hospitalCode,
    from: date,
    to: date,
    insutype: null,
    clrType: CLEARING_TYPE,
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
