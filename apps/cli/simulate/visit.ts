import type { Bill, Payment } from '../../../contract/client.ts'
import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { chance, pick, type Random, randomBelow, seededRandom } from '../../../kernel/random.ts'
import { addMs, type Clock, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import type { HisSimulator } from '../../simulators/his/index.ts'
import type { SimulatedRegion } from '../../simulators/region.ts'
import type { WorldPerson } from '../../simulators/world/index.ts'
import { DEMO_PASSWORD } from '../sandbox/seed.ts'
import type { Agenda } from './agenda.ts'
import type { ApiAnswer, ApiClient, Session } from './api-client.ts'
import { type Cover, takeCover } from './cover.ts'
import { type ChannelChoices, payAtChannel, type PayWish, tokenFor, wishOf } from './payer.ts'
import type { Shares } from './shares.ts'
import type { Tally } from './tally.ts'

export type VisitContext = {
  seed: string
  clock: Clock
  agenda: Agenda
  region: SimulatedRegion
  client: ApiClient
  channels: ChannelChoices
  shares: Shares
  tally: Tally
  /** Somebody of a hospital's finance, signed in. */
  staffOf: (hospitalId: HospitalId) => Promise<Session>
}

/** One person's day: bills come, are looked at, planned, paid in a wallet or not, and sometimes given back. */
type Visit = VisitContext & {
  person: WorldPerson
  hospitalId: HospitalId
  his: HisSimulator
  habits: ReturnType<typeof habitsOf>
  /** The person's own source of chance, so that one visit's course does not hang on another's. */
  random: Random
  nextKey: () => string
  session: Session
  /** How the person pays all day, and who pays beside them. */
  way: PayWish
  cover: Cover
}

/** Comes to a hospital, is billed, and signs in. */
export async function arrive(
  context: VisitContext,
  person: WorldPerson,
  random: Random,
): Promise<void> {
  const { region, client, tally } = context
  const { hospitalId } = pick(random, person.media.hospitalCards)
  const his = region.his.get(hospitalId)
  assert(his, `hospital ${hospitalId} has a system`)
  const habits = habitsOf(random)
  const way = wishOf(context.channels, random)
  tally.visits++
  const bills = 1 + randomBelow(random, 2)
  for (let i = 0; i < bills; i++) his.createRandomBill(random, person.no)
  tally.bills += bills
  let keys = 0
  const nextKey = () => `sim-${person.no}-${++keys}`
  const session = await client.signIn('patient', person.phone, DEMO_PASSWORD)
  const { no } = person
  const own = seededRandom(`${context.seed}/cover/${no}`)
  const cover = await takeCover({ ...context, session, hospitalId, random: own, nextKey })
  const visit = {
    ...context,
    person,
    hospitalId,
    his,
    habits,
    random,
    nextKey,
    session,
    way,
    cover,
  }
  if (cover.creditVisit?.leavesIt) later(visit, 30 * MINUTE_MS, () => findPaid(visit))
  else soon(visit, () => look(visit, 0))
  if (cover.creditVisit?.paysEarly)
    later(visit, 3 * HOUR_MS, () => payEarly(visit, cover.creditVisit))
}

/** What was paid without a tap is dispensed and given back like the rest; what was not, is paid by hand. */
async function findPaid(visit: Visit): Promise<void> {
  const path = `/v1/hospitals/${visit.hospitalId}/payments?limit=50`
  const paid = await visit.session.get<{ items: Payment[] }>(path)
  const done = paid.ok ? paid.body.items.filter((one) => one.payerState === 'succeeded') : []
  for (const payment of done) await afterwards(visit, payment)
  await look(visit, 0)
}

/** What was drawn so far, before the visit is settled by itself; refused where nothing was, or it is settled already. */
async function payEarly({ client, person, nextKey, tally }: Visit, visit: Cover['creditVisit']) {
  if (!visit) return
  const session = await client.signIn('patient', person.phone, DEMO_PASSWORD)
  const path = `/v1/credit/lenders/${visit.lenderId}/visits/${visit.id}/payment`
  const answer = await session.post(path, nextKey(), {})
  if (!answer.ok) tally.refuse(answer.code)
}

function later({ agenda, clock }: Visit, ms: number, what: () => Promise<void>): void {
  agenda.at(addMs(clock.now(), ms), what)
}

const soon = (visit: Visit, what: () => Promise<void>) =>
  later(visit, (5 + randomBelow(visit.random, 55)) * SECOND_MS, what)

const billAtHospital = ({ his, person }: Visit, billNo: string) =>
  his.bills({ personNo: person.no }).find((bill) => bill.billNo === billNo)

/** Looks at what is owed and plans the payment of one visit's bills. */
async function look(visit: Visit, times: number): Promise<void> {
  if (times > MOST_LOOKS) return
  const answer = await visit.session.openBills(visit.hospitalId)
  if (!answer.ok) return later(visit, 5 * MINUTE_MS, () => look(visit, times + 1))
  const [first] = answer.body.bills
  if (!first || answer.body.stale) return
  const chosen = answer.body.bills.filter((bill) => bill.visitNo === first.visitNo)
  await plan(visit, chosen, visit.nextKey(), times)
}

async function plan(
  visit: Visit,
  bills: readonly Bill[],
  key: string,
  times: number,
): Promise<void> {
  const { session, hospitalId, habits } = visit
  const references = bills.map(({ billNo, version }) => ({ billNo, version }))
  const { sources } = visit.cover
  const wish = { ...visit.way, bills: references, useAccount: habits.usesAccount, sources }
  const answer = await session.quote(hospitalId, key, wish)
  if (isStillRunning(answer)) {
    return later(visit, AFTER_LEASE_MS, () => plan(visit, bills, key, times))
  }
  if (!answer.ok) return later(visit, 5 * MINUTE_MS, () => look(visit, times + 1))
  const payment = answer.body
  assertPlanAddsUp(payment)
  if (habits.abandonsPlan) return
  if (habits.billGrows && times === 0) growBill(visit, payment)
  soon(visit, () => confirm(visit, payment, visit.nextKey(), times))
}

/** The doctor adds an item while the payer looks at the old total. */
function growBill(visit: Visit, { bills: [bill] }: Payment): void {
  const known = bill && billAtHospital(visit, bill.billNo)
  const [item] = known?.items ?? []
  if (known?.status !== 'open' || !item) return
  visit.his.addItem(known.billNo, { code: item.code, quantity: 1 })
}

async function confirm(visit: Visit, payment: Payment, key: string, times: number): Promise<void> {
  const { session, hospitalId, habits, tally } = visit
  const payFen = payment.tenders.find((tender) => tender.phase === 'payer')?.amountFen ?? 0
  const token = tokenFor(visit.region, visit.person, payment)
  const consent = token === undefined ? { payFen } : { payFen, token }
  const answer = await session.confirm(hospitalId, payment.id, key, consent)
  if (isStillRunning(answer)) {
    return later(visit, AFTER_LEASE_MS, () => confirm(visit, payment, key, times))
  }
  if (!answer.ok) {
    tally.refuse(answer.code)
    return later(visit, MINUTE_MS, () => look(visit, times + 1))
  }
  if (habits.tapsTwice) {
    const again = await session.confirm(hospitalId, payment.id, key, consent)
    assert(again.ok && again.body.id === payment.id, 'a second tap is the same payment')
  }
  if (habits.billIsVoided) voidBills(visit, payment)
  soon(visit, () => act(visit, payment.id, 0, times))
}

function voidBills(visit: Visit, { bills }: Payment): void {
  for (const { billNo } of bills) {
    if (billAtHospital(visit, billNo)?.status === 'open') visit.his.voidBill(billNo)
  }
}

/** Pays, cancels or walks away, once the wallet has the order. */
async function act(visit: Visit, id: string, waited: number, times: number): Promise<void> {
  const { session, hospitalId, habits, nextKey } = visit
  const answer = await session.payment(hospitalId, id)
  if (!answer.ok) return
  const { payerState } = answer.body
  if (payerState === 'processing' && waited < MOST_WAITS) {
    return later(visit, 20 * SECOND_MS, () => act(visit, id, waited + 1, times))
  }
  later(visit, 2 * MINUTE_MS, () => see(visit, id, 0, times))
  if (payerState !== 'to_pay') return
  if (habits.cancels) await session.cancel(hospitalId, id, nextKey())
  else await payInWallet(visit, answer.body)
}

async function payInWallet(visit: Visit, payment: Payment): Promise<void> {
  const { region, person, habits } = visit
  if (habits.walksAway) return
  const pay = () => payAtChannel(region, person, payment)
  // Some remember it when it is too late: the wallet must refuse, or the money must come back.
  if (habits.paysLate) later(visit, 14 * MINUTE_MS + 50 * SECOND_MS, pay)
  else await pay()
}

/** Looks at the outcome; tries once more when nothing was charged; asks for money back now and then. */
async function see(visit: Visit, id: string, waited: number, times: number): Promise<void> {
  const answer = await visit.session.payment(visit.hospitalId, id)
  if (!answer.ok) return
  const { payerState } = answer.body
  if (payerState === 'succeeded') return afterwards(visit, answer.body)
  const cameToNothing = payerState === 'not_charged' || payerState === 'returned'
  if (cameToNothing && times === 0) return soon(visit, () => look(visit, 1))
  if (payerState === 'closed' || cameToNothing || waited >= MOST_WAITS) return
  later(visit, 5 * MINUTE_MS, () => see(visit, id, waited + 1, times))
}

async function afterwards(visit: Visit, { id, bills }: Payment): Promise<void> {
  const { random, habits } = visit
  const bill = pick(random, bills)
  const given = bill.lines.map((line) => line.lineNo).filter(() => chance(random, 500_000))
  const roll = randomBelow(random, 1_000)
  // A hospital that lost the news of the payment gives nothing out.
  const isPaidThere = billAtHospital(visit, bill.billNo)?.status === 'paid'
  if (given.length > 0 && isPaidThere) visit.his.dispense(bill.billNo, given)
  if (!habits.returnsSomething) return
  const [givenLine] = given
  // Finance asks for what was dispensed, too: the hospital must say no to that.
  const ask =
    habits.returnsDispensed && givenLine !== undefined
      ? () => askAtFinance(visit, id, bill.billNo, [givenLine])
      : async () => askAtHospital(visit, bill.billNo, roll)
  later(visit, 10 * MINUTE_MS, ask)
}

async function askAtFinance(
  visit: Visit,
  id: string,
  billNo: string,
  lineNos: number[],
): Promise<void> {
  const { hospitalId, tally } = visit
  const staff = await visit.staffOf(hospitalId)
  const wish = { billNo, lineNos, reason: '患者退费' }
  const answer = await staff.refund(hospitalId, id, visit.nextKey(), wish)
  if (answer.ok) tally.refundsAsked++
  else tally.refuse(answer.code)
}

/** The doctor takes back what was not dispensed: one line, or all that can be taken back. */
function askAtHospital(visit: Visit, billNo: string, roll: number): void {
  const known = billAtHospital(visit, billNo)
  if (known?.status !== 'paid') return
  const free = known.items.filter((item) => item.status === 'charged').map((item) => item.lineNo)
  const one = free[roll % Math.max(free.length, 1)]
  if (one === undefined) return
  visit.his.requestRefund(billNo, visit.habits.returnsAll ? free : [one], '患者退费')
  visit.tally.refundsAsked++
}

const MOST_LOOKS = 4
const MOST_WAITS = 12
// The hub holds a key of a process that died for half a minute.
const AFTER_LEASE_MS = 35 * SECOND_MS

const isStillRunning = (answer: ApiAnswer<unknown>) =>
  !answer.ok && answer.code === 'http.idempotency_key_running'

function assertPlanAddsUp({ tenders, totalFen }: Payment): void {
  const planned = tenders.reduce((sum, tender) => sum + tender.amountFen, 0)
  assert(planned === totalFen, `a plan of ${planned} is for a total of ${totalFen}`)
}

const habitsOf = (random: Random) => ({
  usesAccount: chance(random, 800_000),
  abandonsPlan: chance(random, 60_000),
  billGrows: chance(random, 50_000),
  billIsVoided: chance(random, 15_000),
  tapsTwice: chance(random, 80_000),
  cancels: chance(random, 40_000),
  walksAway: chance(random, 40_000),
  paysLate: chance(random, 20_000),
  returnsSomething: chance(random, 140_000),
  returnsAll: chance(random, 400_000),
  returnsDispensed: chance(random, 200_000),
})
