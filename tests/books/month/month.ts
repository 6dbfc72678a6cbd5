import { sql } from 'kysely'

import type { HospitalId } from '../../../kernel/id.ts'
import { pick, type Random, randomBelow, seededRandom } from '../../../kernel/random.ts'
import { addDays, addMs, type BusinessDate, instantAt, MINUTE_MS } from '../../../kernel/time.ts'
import { systemActor } from '../../../platform/principal.ts'
import type { TestDatabase } from '../../../platform/testing/database.ts'
import { createBankBook } from './bank-book.ts'
import { ACCOUNT, CALENDAR, CHANNELS, CONTRACTS, VALID_FROM, YEAR } from './contracts.ts'
import type { Kind, MonthPlan } from './deck.ts'
import { createHub, type Hub, type HubOptions } from './hub.ts'
import { createPayers, type Payers } from './payers.ts'
import { createPayouts } from './payouts.ts'
import { createPersons, FIRST, SECOND } from './persons.ts'
import { CHANNEL_PLANTERS, LIST_PLANTERS } from './plant-lists.ts'
import { BANK_PLANTERS, HIS_PLANTERS, INSURER_PLANTERS } from './plant-others.ts'
import type { Planted } from './planted.ts'
import { createPlantingDay, type DayParts, type HisEdit, type Planter } from './planting-day.ts'

/** So long after the last day until the last payout of it is late, and all that waited for it is decided. */
const DAYS_AFTER = 7

export type Month = Awaited<ReturnType<typeof liveMonth>>

type MonthOptions = Omit<HubOptions, 'start' | 'hospitalId'> & {
  hospitalId: HospitalId
  neighbour: HospitalId
  dates: readonly BusinessDate[]
  plan: MonthPlan
  /** Bills that are paid a day, besides those that go wrong. */
  perDay: number
}

/** One hospital's month, as it happens: people pay, lists come, the bank tells, the office works. */
export async function liveMonth(db: TestDatabase, options: MonthOptions) {
  const { dates, plan, seed, neighbour, perDay } = options
  const [first = VALID_FROM] = dates
  const last = dates.at(-1) ?? first
  const hub = createHub(db, { ...options, start: `${first}T07:00:00+08:00` })
  const bank = createBankBook()
  const payouts = createPayouts(hub, bank, first)
  const random = seededRandom(`${seed} day`)
  const awaiting = new Set<string>()
  const hisEdits: HisEdit[] = []
  hub.parties.his.script.relist = (rows, date) =>
    hisEdits.filter((edit) => edit.date === date).reduce((all, { change }) => change(all), rows)
  const payers = createPayers(hub)
  let no = 0
  const nextNo = () => options.hospitalId * 10_000 + ++no
  const parts = { hub, payers, bank, random, neighbour, nextNo, awaiting, payouts, hisEdits }
  const persons = createPersons(hub, { random: seededRandom(`${seed} office`), awaiting })
  await register(hub)
  await agree(hub, first)
  const planted: Planted[] = []
  for (let date = first; date <= addDays(last, DAYS_AFTER); date = addDays(date, 1)) {
    await morning(parts, date, first)
    if (date <= last) planted.push(...(await businessOf(parts, date, plan, perDay)))
    await hub.passUntil(laterOf(hub, date, '16:00:00'))
    if (randomBelow(random, 3) === 0) await persons.workCases()
    await persons.closeDays()
    await hub.passUntil(laterOf(hub, date, '17:00:00'))
    await persons.workCases(date === addDays(last, DAYS_AFTER))
    planted.push(...(await nightOf(parts, date, plan)))
    await hub.passUntil(instantAt(addDays(date, 1)))
  }
  return { hub, bank, payouts, planted, first, until: addDays(last, DAYS_AFTER) }
}

/** The bank tells of the day before, and vouchers are looked after. */
async function morning(
  { hub, bank, payouts }: DayParts,
  date: BusinessDate,
  first: BusinessDate,
): Promise<void> {
  await hub.sweepVouchers()
  await hub.passUntil(instantAt(date, '08:30:00'))
  const before = addDays(date, -1)
  if (before < first) return
  await payouts.payOn(before)
  await bankTells(hub, before, bank.statement(before))
}

async function bankTells(hub: Hub, date: BusinessDate, bytes: Buffer): Promise<void> {
  const { hospitalId, office } = hub
  const request = { hospitalId, source: 'bank', name: `${date}.csv`, way: 'upload' as const }
  const actor = systemActor('bank')
  const { outcome } = await office.statementFiles.take(
    { ...request, actor, businessDate: date },
    (async function* () {
      yield bytes
    })(),
  )
  if (outcome !== 'taken') throw new Error(`the bank's list of ${date} was ${outcome}`)
}

async function businessOf(
  parts: DayParts,
  date: BusinessDate,
  plan: MonthPlan,
  perDay: number,
): Promise<Planted[]> {
  const { hub, payers, random } = parts
  const deals = (plan.get(date) ?? []).filter(({ kind }) => kind !== 'cross_day')
  const day = createPlantingDay(parts, date)
  const planted: Planted[] = []
  const stepMs = Math.trunc((400 * MINUTE_MS) / (perDay + deals.length))
  let at = instantAt(date, '09:00:00')
  for (let i = 0; i < perDay; i++) {
    await hub.passUntil(at > hub.clock.now() ? at : hub.clock.now())
    await ordinary(payers, random, i)
    at = addMs(at, stepMs)
  }
  for (const deal of deals) {
    await hub.passUntil(at > hub.clock.now() ? at : hub.clock.now())
    planted.push(await PLANTERS[deal.kind](day, deal))
    at = addMs(at, stepMs)
  }
  return planted
}

/** Those whose hour is midnight. */
async function nightOf(parts: DayParts, date: BusinessDate, plan: MonthPlan): Promise<Planted[]> {
  const day = createPlantingDay(parts, date)
  const planted: Planted[] = []
  for (const deal of plan.get(date) ?? []) {
    if (deal.kind === 'cross_day') planted.push(await PLANTERS[deal.kind](day, deal))
  }
  return planted
}

/** Two lines or three; the first few stay as they are, so that each provider has something to pay out. */
async function ordinary(payers: Payers, random: Random, i: number): Promise<void> {
  const channel =
    i < CHANNELS.length ? (CHANNELS[i] ?? CHANNELS[0]).name : pick(random, CHANNELS).name
  const lines = Array.from(
    { length: 2 + randomBelow(random, 2) },
    () => 10_000 + randomBelow(random, 40_000),
  )
  const isInsured = i === 0 || randomBelow(random, 3) === 0
  const paid = await payers.pay({ channel, lines, isInsured })
  if (i < CHANNELS.length || randomBelow(random, 5) > 0) return
  await payers.refund(paid, pick(random, [[], [1], [2]]))
}

const PLANTERS: Record<Kind, Planter> = {
  ...CHANNEL_PLANTERS,
  ...LIST_PLANTERS,
  ...HIS_PLANTERS,
  ...INSURER_PLANTERS,
  ...BANK_PLANTERS,
}

/** A hospital of the directory, as its payments are. */
async function register({ db, clock, hospitalId }: Hub): Promise<void> {
  const [code, name] = [`H3702${String(hospitalId).padStart(7, '0')}`, `第${hospitalId}医院`]
  await sql`insert into hospitals.hospital
    (id, insurance_code, name, short_name, level, status, created_at, updated_at)
    values (${hospitalId}, ${code}, ${name}, ${name}, '三级甲等', 'active', ${clock.now()},
      ${clock.now()})`.execute(db)
}

/** What was signed: by one person proposed, by another agreed to. */
async function agree({ hospitalId, office }: Hub, first: BusinessDate): Promise<void> {
  const { settlement, statementFiles } = office
  const terms = [
    { kind: 'calendar' as const, name: YEAR, validFrom: VALID_FROM, content: CALENDAR },
    ...[...CONTRACTS].map(([name, content]) => {
      return { kind: 'contract' as const, name, validFrom: VALID_FROM, content }
    }),
  ]
  for (const one of terms) {
    const id = await settlement.proposeTerms(hospitalId, one, FIRST)
    await settlement.decideTerms({ hospitalId, id }, { agrees: true, reason: '已签' }, SECOND)
  }
  const schedule = {
    source: 'bank',
    layout: 'bank-csv',
    account: ACCOUNT,
    namePattern: null,
    firstDate: first,
    dayOffset: 1,
    expectedAt: '08:00',
    lateAt: '12:00',
    missingAt: '15:00',
    calendar: 'every_day' as const,
    daysOff: [],
    daysOn: [],
    isActive: true,
  }
  await statementFiles.schedule(hospitalId, schedule, FIRST)
}

function laterOf({ clock }: Hub, date: BusinessDate, time: string): Date {
  const at = instantAt(date, time)
  const now = clock.now()
  return at > now ? at : now
}
