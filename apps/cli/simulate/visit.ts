import type { Bill, Payment } from '../../../contract/client.ts'
import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { chance, pick, type Random, randomBelow } from '../../../kernel/random.ts'
import { addMs, type Clock, MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import type { HisSimulator } from '../../simulators/his/index.ts'
import type { SimulatedRegion } from '../../simulators/region.ts'
import type { WorldPerson } from '../../simulators/world/index.ts'
import { DEMO_PASSWORD } from '../sandbox/seed.ts'
import type { Agenda } from './agenda.ts'
import type { ApiAnswer, ApiClient, Session } from './api-client.ts'
import type { Tally } from './tally.ts'

export type VisitContext = {
  clock: Clock
  agenda: Agenda
  region: SimulatedRegion
  client: ApiClient
  tally: Tally
  /** Somebody of a hospital's finance, signed in. */
  staffOf: (hospitalId: HospitalId) => Promise<Session>
}

/**
 * One person's day: bills come, are looked at, planned, paid in a wallet or not, and sometimes given back. All chance is
 * drawn from the person's own source, so that one visit's course does not hang on another's.
 */
export function createVisit(context: VisitContext, person: WorldPerson, random: Random) {
  const { clock, agenda, region, client, tally } = context
  const { hospitalId } = pick(random, person.media.hospitalCards)
  const his = region.his.get(hospitalId) as HisSimulator
  const habits = habitsOf(random)
  let session: Session
  let keys = 0
  const nextKey = () => `sim-${person.no}-${++keys}`
  const later = (ms: number, what: () => Promise<void>) => agenda.at(addMs(clock.now(), ms), what)
  const soon = (what: () => Promise<void>) =>
    later((5 + randomBelow(random, 55)) * SECOND_MS, what)

  const billAtHospital = (billNo: string) =>
    his.bills({ personNo: person.no }).find((bill) => bill.billNo === billNo)

  return { arrive }

  async function arrive(): Promise<void> {
    tally.visits++
    const bills = 1 + randomBelow(random, 2)
    for (let i = 0; i < bills; i++) {
      his.createRandomBill(random, person.no)
      tally.bills++
    }
    session = await client.signIn('patient', person.phone, DEMO_PASSWORD)
    soon(() => look(0))
  }

  /** Looks at what is owed and plans the payment of one visit's bills. */
  async function look(times: number): Promise<void> {
    if (times > MOST_LOOKS) return
    const answer = await session.openBills(hospitalId)
    if (!answer.ok) return later(5 * MINUTE_MS, () => look(times + 1))
    const [first] = answer.body.bills
    if (!first || answer.body.stale) return
    const chosen = answer.body.bills.filter((bill) => bill.visitNo === first.visitNo)
    await plan(chosen, nextKey(), times)
  }

  async function plan(bills: readonly Bill[], key: string, times: number): Promise<void> {
    const references = bills.map(({ billNo, version }) => ({ billNo, version }))
    const wish = { bills: references, channel: 'wechat', useAccount: habits.usesAccount }
    const answer = await session.quote(hospitalId, key, wish)
    if (isStillRunning(answer)) return later(AFTER_LEASE_MS, () => plan(bills, key, times))
    if (!answer.ok) return later(5 * MINUTE_MS, () => look(times + 1))
    assertPlanAddsUp(answer.body)
    if (habits.abandonsPlan) return
    if (habits.billGrows && times === 0) growBill(answer.body)
    soon(() => confirm(answer.body, nextKey(), times))
  }

  /** The doctor adds an item while the payer looks at the old total. */
  function growBill({ bills: [bill] }: Payment): void {
    const known = bill && billAtHospital(bill.billNo)
    const [item] = known?.items ?? []
    if (known?.status === 'open' && item) his.addItem(known.billNo, { code: item.code, quantity: 1 })
  }

  async function confirm(payment: Payment, key: string, times: number): Promise<void> {
    const payFen = payment.tenders.find((tender) => tender.phase === 'payer')?.amountFen ?? 0
    const answer = await session.confirm(hospitalId, payment.id, key, payFen)
    if (isStillRunning(answer)) return later(AFTER_LEASE_MS, () => confirm(payment, key, times))
    if (!answer.ok) {
      tally.refuse(answer.code)
      return later(MINUTE_MS, () => look(times + 1))
    }
    if (habits.tapsTwice) {
      const again = await session.confirm(hospitalId, payment.id, key, payFen)
      assert(again.ok && again.body.id === payment.id, 'a second tap is the same payment')
    }
    if (habits.billIsVoided) voidBills(payment)
    soon(() => act(payment.id, 0, times))
  }

  function voidBills({ bills }: Payment): void {
    for (const { billNo } of bills) {
      if (billAtHospital(billNo)?.status === 'open') his.voidBill(billNo)
    }
  }

  /** Pays, cancels or walks away, once the wallet has the order. */
  async function act(id: string, waited: number, times: number): Promise<void> {
    const answer = await session.payment(hospitalId, id)
    if (!answer.ok) return
    const { payerState, tenders } = answer.body
    if (payerState === 'processing' && waited < MOST_WAITS) {
      return later(20 * SECOND_MS, () => act(id, waited + 1, times))
    }
    if (payerState !== 'to_pay') return later(2 * MINUTE_MS, () => see(id, 0, times))
    const action = tenders.find((tender) => tender.phase === 'payer')?.payerAction
    if (habits.cancels) await session.cancel(hospitalId, id, nextKey())
    else if (action?.kind === 'wechat_jsapi' && !habits.walksAway) {
      const prepayId = (action.params['package'] ?? '').replace('prepay_id=', '')
      const pay = async () => void (await region.wechat.pay({ prepayId }, person.openid))
      // Some remember it when it is too late: the wallet must refuse, or the money must come back.
      if (habits.paysLate) later(14 * MINUTE_MS + 50 * SECOND_MS, pay)
      else await pay()
    }
    later(2 * MINUTE_MS, () => see(id, 0, times))
  }

  /** Looks at the outcome; tries once more when nothing was charged; asks for money back now and then. */
  async function see(id: string, waited: number, times: number): Promise<void> {
    const answer = await session.payment(hospitalId, id)
    if (!answer.ok) return
    const { payerState } = answer.body
    if (payerState === 'succeeded') return afterwards(answer.body)
    const cameToNothing = payerState === 'not_charged' || payerState === 'returned'
    if (cameToNothing && times === 0) return soon(() => look(1))
    const isOver = ['succeeded', 'closed', 'returned', 'not_charged'].includes(payerState)
    if (!isOver && waited < MOST_WAITS) later(5 * MINUTE_MS, () => see(id, waited + 1, times))
  }

  async function afterwards({ id, bills }: Payment): Promise<void> {
    const bill = pick(random, bills)
    const lines = bill.lines.map((line) => line.lineNo)
    const given = lines.filter(() => chance(random, 500_000))
    // A hospital that lost the news of the payment gives nothing out.
    const isPaidThere = billAtHospital(bill.billNo)?.status === 'paid'
    if (given.length > 0 && isPaidThere) his.dispense(bill.billNo, given)
    const wishes = random.bytes(4)
    if (!habits.returnsSomething) return
    const [givenLine] = given
    // Finance asks for what was dispensed, too: the hospital must say no to that.
    const ask =
      habits.returnsDispensed && givenLine !== undefined
        ? () => askAtFinance(id, bill.billNo, [givenLine])
        : async () => askAtHospital(bill.billNo, wishes[0] ?? 0)
    later(10 * MINUTE_MS, ask)
  }

  async function askAtFinance(id: string, billNo: string, lineNos: number[]): Promise<void> {
    const staff = await context.staffOf(hospitalId)
    const wish = { billNo, lineNos, reason: '患者退费' }
    const answer = await staff.refund(hospitalId, id, nextKey(), wish)
    if (answer.ok) tally.refundsAsked++
    else tally.refuse(answer.code)
  }

  /** The doctor takes back what was not dispensed: one line, or all that can be taken back. */
  function askAtHospital(billNo: string, roll: number): void {
    const known = billAtHospital(billNo)
    if (known?.status !== 'paid') return
    const free = known.items.filter((item) => item.status === 'charged').map((item) => item.lineNo)
    const one = free[roll % Math.max(free.length, 1)]
    if (one === undefined) return
    his.requestRefund(billNo, habits.returnsAll ? free : [one], '患者退费')
    tally.refundsAsked++
  }
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
