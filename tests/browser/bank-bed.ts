import { createApi } from '../../apps/api/app.ts'
import { savePersonas } from '../../apps/cli/sandbox/personas.ts'
import { LEDGER_BANK, seedLenders } from '../../apps/cli/sandbox/seed-lenders.ts'
import { seedRegion } from '../../apps/cli/sandbox/seed.ts'
import { createHub, type Hub } from '../../apps/hub/create-hub.ts'
import { createWorld, type World } from '../../apps/simulators/world/index.ts'
import { assert } from '../../kernel/assert.ts'
import { createNewId, type NewId } from '../../kernel/id.ts'
import { addFen, type Fen, fen, subtractFen } from '../../kernel/money.ts'
import { addDays, businessDateOf, type Clock, instantAt } from '../../kernel/time.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import type { Payable, ProviderCall } from '../../modules/payments/index.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { systemActor } from '../../platform/principal.ts'
import { createSeal } from '../../platform/seal.ts'
import { systemClock, systemRandom } from '../../platform/system.ts'
import { createTestDatabase } from '../../platform/testing/database.ts'
import { wakeBySweep } from '../../platform/wake.ts'

// A lender's book with a history of five months: people of the demo world who were treated for something, paid by
// credit and repaid or not. It is made on a clock of its own, which then goes on with the machine's.

const PEOPLE = 60
const DAYS_BACK = 150
const ACTOR = systemActor('test')

export type BankBed = Awaited<ReturnType<typeof openBankBed>>

/** Starts the API on a database of its own. What has started is stopped again when something else does not. */
export async function openBankBed(webRoot: string | null) {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const each of stops.toReversed()) await each()
  }
  try {
    return { ...(await start(webRoot, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(webRoot: string | null, stops: (() => Promise<unknown>)[]) {
  const world = createWorld('a bank in the console', { people: PEOPLE })
  const db = await createTestDatabase()
  stops.push(() => db[Symbol.asyncDispose]())
  const clock = movableClock()
  const random = systemRandom
  const platform = { db, clock, random, newId: createNewId(clock, random) }
  const hub = createHub({
    ...platform,
    seal: createSeal(random.bytes(32), random),
    wake: wakeBySweep,
    canaries: new Set(),
    providerTimeoutMs: 5_000,
    quoteDeadlineMs: 30_000,
    environment: 'sandbox',
    pause: async () => undefined,
  })
  const api = await createApi(hub, { platform, logger: false, demo: { walletUrl: null }, webRoot })
  stops.push(async () => {
    api.server.closeAllConnections()
    await api.close()
  })
  const hubUrl = await api.listen({ host: '127.0.0.1', port: 0 })
  await seedRegion(hub, world)
  await savePersonas(hub, world)
  await seedLenders(hub, world)
  const making = { hub, world, db, clock, newId: platform.newId }
  await fiveMonths(making)
  return {
    hubUrl,
    world,
    api,
    /** Money for a loan arrives at the bank, whatever its state. */
    receive: (loanId: string, amountFen: number) =>
      received(making, loanId as LoanId, fen(amountFen)),
    /** Somebody whose loan is not due yet wants to repay all of it. */
    announce: () => announced(making, ofAge(world, 4)),
  }
}

type MovableClock = Clock & { set(instant: Date): void; goOn(): void }

function movableClock(): MovableClock {
  let stands: Date | null = null
  return {
    now: () => stands ?? systemClock.now(),
    set: (instant) => void (stands = instant),
    goOn: () => void (stands = null),
  }
}

type Making = { hub: Hub; world: World; db: Db; clock: MovableClock; newId: NewId }

/**
 * Who borrowed when: one is overdue by about a hundred days, one by some thirty, one pays in instalments and is late with
 * the second, one repaid, two are not due yet. Every day up to yesterday is closed.
 */
async function fiveMonths(making: Making): Promise<void> {
  const { hub, clock } = making
  const today = businessDateOf(systemClock.now())
  const first = addDays(today, -DAYS_BACK)
  const plans = new Map<number, (() => Promise<void>)[]>()
  const at = (daysAgo: number, act: () => Promise<void>) =>
    plans.set(daysAgo, [...(plans.get(daysAgo) ?? []), act])
  plan(making, at)
  for (let day = first; day < today; day = addDays(day, 1)) {
    clock.set(instantAt(day, '10:00:00'))
    const daysAgo = Math.round((instantAt(today).getTime() - instantAt(day).getTime()) / 86_400_000)
    for (const act of plans.get(daysAgo) ?? []) await act()
    clock.set(instantAt(addDays(day, 1), '00:30:00'))
    await hub.sources.loans.closeDay(LEDGER_BANK, day)
  }
  clock.goOn()
  for (const act of plans.get(0) ?? []) await act()
}

function plan(making: Making, at: (daysAgo: number, act: () => Promise<void>) => void): void {
  const of = (place: number) => ofAge(making.world, place)
  const borrow = (place: number, amountFen: number, way?: 'equal_payment') => async () => {
    const person = await granted(making, of(place), way ?? 'next_month')
    await borrowed(making, person, fen(amountFen), place)
  }
  at(145, borrow(0, 186_500))
  at(65, borrow(1, 63_840))
  at(100, borrow(2, 198_000, 'equal_payment'))
  at(60, borrow(3, 52_310))
  at(40, async () => repaid(making, of(3)))
  at(12, borrow(4, 128_900))
  at(3, borrow(5, 30_050))
  at(1, async () => asked(making, of(6)))
  at(0, async () => asked(making, of(7)))
}

function ofAge({ people }: World, place: number): string {
  const person = people.filter(isOfAge)[place]
  assert(person, 'the world has enough people')
  return person.idCardNo
}

/** Insured, and of an age that every product of the bank takes. */
const isOfAge = ({ insurance, birthDate }: World['people'][number]): boolean =>
  insurance?.status === 'active' && birthDate > '1966-01-01' && birthDate < '2000-01-01'

type Borrower = Awaited<ReturnType<typeof personOf>>

async function personOf({ hub }: Making, idCardNo: string) {
  const personId = await hub.identity.findPersonByMedium('id_card', idCardNo)
  assert(personId, 'the person is registered')
  return personId
}

/** Somebody applies for a line, and gets it. */
async function granted(
  making: Making,
  idCardNo: string,
  way: 'next_month' | 'equal_payment',
): Promise<Borrower> {
  const { hub, newId } = making
  const personId = await personOf(making, idCardNo)
  const applicationId = newId<'CreditApplication'>()
  const wish = { lenderId: LEDGER_BANK, applicationId, personId, way }
  const product = { productId: 'visit-credit-instalments', consentVersion: '2026-11' }
  const application = await hub.sources.credit.apply({ ...wish, ...product }, ACTOR)
  assert(application.status === 'granted', 'the scorecard grants it')
  return personId
}

/** Somebody was granted less than they hoped, and wants a person to look at it. */
async function asked(making: Making, idCardNo: string): Promise<void> {
  const { hub, newId } = making
  const { credit } = hub.sources
  const personId = await granted(making, idCardNo, 'next_month')
  const [application] = await credit.applicationsOf(personId)
  assert(application, 'they applied')
  const wish = {
    lenderId: LEDGER_BANK,
    applicationId: application.id,
    reviewId: newId<'CreditReview'>(),
    personId,
    statement: '我每月有固定工资，希望提高额度。',
  }
  await credit.askForReview(wish, { name: `person:${personId}`, requestId: null })
}

/** A bill of a department, with a diagnosis and items, is paid by credit outside of a visit: a loan at once. */
async function borrowed(
  { hub, world, clock, newId }: Making,
  personId: Borrower,
  amountFen: Fen,
  place: number,
): Promise<void> {
  const hospital = world.hospitals[place % world.hospitals.length]
  assert(hospital, 'the world has hospitals')
  const call: ProviderCall = { hospitalId: hospital.id, trace: () => undefined }
  const payable = payableOf(world, clock, amountFen, place)
  const { source } = hub.sources.credit
  const paymentId = newId<'Payment'>()
  const quote = await source.quote(call, {
    hospitalId: hospital.id,
    paymentId,
    personId,
    payables: [payable],
    useAccount: false,
    wanted: true,
    left: Promise.resolve({ leftFen: amountFen, paid: [] }),
  })
  assert(quote.outcome === 'quoted', `credit is offered: ${JSON.stringify(quote)}`)
  const tenderId = newId<'Tender'>()
  const order = {
    hospitalId: hospital.id,
    paymentId,
    tenderId,
    tradeNo: tradeNoOf(hospital.id, tenderId),
    amountFen,
    parts: quote.parts,
    quoteReference: quote.quoteReference,
    description: `门诊费用 ${payable.billNo}`,
    payerAccount: null,
    method: null,
    presence: null,
    createdAt: clock.now(),
    expiresAt: clock.now(),
  }
  await source.hold(call, order)
  const answer = await source.charge(call, order)
  assert(answer.outcome === 'confirmed', `it is lent: ${JSON.stringify(answer)}`)
}

function payableOf(world: World, clock: Clock, totalFen: Fen, place: number): Payable {
  const department = world.hospitals[place % world.hospitals.length]?.departments[place]
  const [doctor] = department?.doctors ?? []
  const [one, two] = world.catalogue.slice(place, place + 2)
  assert(department && doctor && one && two, 'the world has departments and items')
  const billNo = `ZD${place}`
  const lineOf = (item: typeof one, lineNo: number, amountFen: Fen) => ({
    billNo,
    lineNo,
    code: item.code,
    nationalCode: item.nationalCode,
    name: item.name,
    spec: item.spec,
    unit: item.unit,
    chargeCategory: item.chargeCategory,
    insuranceClass: item.insuranceClass,
    unitPriceFen: amountFen,
    quantity: 1,
    amountFen,
  })
  const half = fen(Math.trunc(totalFen / 2))
  const lines = [lineOf(one, 1, half), lineOf(two, 2, subtractFen(totalFen, half))]
  assert(addFen(...lines.map((line) => line.amountFen)) === totalFen, 'the lines add up')
  return {
    billNo,
    version: 1,
    visitNo: `V-${place}`,
    patientNo: `PT-${place}`,
    kind: 'outpatient',
    title: `${department.name} ${doctor.name}`,
    department: { code: department.code, name: department.name },
    doctor: { code: doctor.code, name: doctor.name },
    diagnosis: DIAGNOSIS,
    billedAt: clock.now(),
    totalFen,
    lines,
  }
}

export const DIAGNOSIS = { code: 'I10.x00', name: '原发性高血压' }

/** All that is owed comes to the bank by itself. */
async function repaid(making: Making, idCardNo: string): Promise<void> {
  const { hub } = making
  const personId = await personOf(making, idCardNo)
  const [found] = await hub.sources.loans.loansOf(LEDGER_BANK, personId)
  assert(found, 'they have a loan')
  await received(making, found.loan.id, found.loan.principal_fen)
}

/** They want to repay all of it, and the bank is told to take it. */
async function announced(making: Making, idCardNo: string): Promise<void> {
  const { hub, newId } = making
  const personId = await personOf(making, idCardNo)
  const [found] = await hub.sources.loans.loansOf(LEDGER_BANK, personId)
  assert(found, 'they have a loan')
  const wish = { lenderId: LEDGER_BANK, loanId: found.loan.id, payerId: personId }
  const repaymentNo = newId<'Repayment'>()
  await hub.sources.loans.repay({ ...wish, repaymentNo, scope: 'full', source: 'payer' })
}

type LoanId = Parameters<Hub['sources']['loans']['isOf']>[1]

/** Money for a loan arrives at the bank. */
const received = async ({ hub, db, newId }: Making, loanId: LoanId, amountFen: Fen) => {
  await inHospital(db, LEDGER_BANK, (tx) =>
    hub.sources.loans.receive(tx, {
      lenderId: LEDGER_BANK,
      loanId,
      repaymentNo: newId(),
      payerId: null,
      isFamily: false,
      amountFen,
      reference: 'at the counter',
    }),
  )
}
