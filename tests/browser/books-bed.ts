import { setTimeout as sleep } from 'node:timers/promises'

import { DEMO_PASSWORD } from '../../apps/cli/sandbox/seed.ts'
import { createApiClient, type Session } from '../../apps/cli/simulate/api-client.ts'
import { payAtChannel } from '../../apps/cli/simulate/payer.ts'
import type { WorldPerson } from '../../apps/simulators/world/index.ts'
import type { Bill, Payment } from '../../contract/client.ts'
import { assert } from '../../kernel/assert.ts'
import { fen } from '../../kernel/money.ts'
import {
  addDays,
  addMs,
  type BusinessDate,
  businessDateOf,
  type Clock,
  instantAt,
  MINUTE_MS,
} from '../../kernel/time.ts'
import { systemActor } from '../../platform/principal.ts'
import { systemClock } from '../../platform/system.ts'
import { type CreditBed, openCreditBed } from './credit-bed.ts'
import { HOSPITAL, SECOND_LOGIN } from './office-bed.ts'

// One hospital's books some days after a business date: people paid by WeChat, all lists came, the date is closed and has
// its vouchers. No contract covers it yet, and there are two people in finance, as one may not decide alone.

const MOST_PAYERS = 4
const MOST_LOOKS = 600
const LOOK_EVERY_MS = 300
/** Enough for every list of the date to come. */
const DAYS_AGO = 3
const STEP_MS = 15 * MINUTE_MS
const STEPS_OF_A_DAY = 30

export type BooksBed = Awaited<ReturnType<typeof openBooksBed>>

/** Starts everything, and lets days go by in it until the date is closed. */
export async function openBooksBed(webRoot: string) {
  const clock = createMovedClock()
  const date = addDays(businessDateOf(systemClock.now()), -DAYS_AGO)
  clock.moveTo(instantAt(date, '09:30:00'))
  const bed = await openCreditBed(webRoot, { clock, channels: ['wechat'] })
  try {
    const passwordHash = await bed.hub.identity.hashPassword(DEMO_PASSWORD)
    const second = { hospitalId: HOSPITAL, name: '钱会计', roles: ['finance' as const] }
    await bed.hub.identity.registerStaff({ ...second, login: SECOND_LOGIN, passwordHash })
    const paid = await payBills(bed)
    await passDays(bed, clock, date)
    clock.moveTo(systemClock.now())
    return { ...bed, hospitalId: HOSPITAL, date, paid, receive: receiverOf(bed) }
  } catch (error) {
    await bed.stop()
    throw error
  }
}

/** Runs as the machine's, from the moment it was last moved to. */
type MovedClock = Clock & { moveTo: (instant: Date) => void }

function createMovedClock(): MovedClock {
  let aheadMs = 0
  return {
    now: () => addMs(systemClock.now(), aheadMs),
    moveTo: (instant) => {
      aheadMs = instant.getTime() - systemClock.now().getTime()
    },
  }
}

/** Some of those with bills at the hospital pay them, one after the other; returns how many payments there are. */
async function payBills(bed: CreditBed): Promise<number> {
  const client = createApiClient(bed.hubUrl, { duringOperation: (work) => work() })
  let paid = 0
  for (const person of bed.world.people) {
    const isKnown = person.media.hospitalCards.some(({ hospitalId }) => hospitalId === HOSPITAL)
    if (!isKnown || paid === MOST_PAYERS) continue
    const session = await client.signIn('patient', person.phone, DEMO_PASSWORD)
    const answer = await session.openBills(HOSPITAL)
    const [first] = answer.ok ? answer.body.bills : []
    if (answer.ok && first) {
      const bills = answer.body.bills.filter(({ visitNo }) => visitNo === first.visitNo)
      await payOne(bed, session, { person, bills })
      paid += 1
    }
  }
  assert(paid > 0, 'somebody has a bill at the hospital')
  return paid
}

type Debt = { person: WorldPerson; bills: readonly Bill[] }

async function payOne({ region }: CreditBed, session: Session, { person, bills }: Debt) {
  const key = `books-${person.no}`
  const wish = {
    channel: 'wechat',
    bills: bills.map(({ billNo, version }) => ({ billNo, version })),
    useAccount: true,
  }
  const quoted = await session.quote(HOSPITAL, key, wish)
  assert(quoted.ok, `${person.name} is quoted: ${JSON.stringify(quoted)}`)
  const { id, tenders } = quoted.body
  const payFen = tenders.find(({ phase }) => phase === 'payer')?.amountFen ?? 0
  const confirmed = await session.confirm(HOSPITAL, id, `${key}-yes`, { payFen })
  assert(confirmed.ok, `${person.name} agrees: ${JSON.stringify(confirmed)}`)
  const order = await until('the wallet has the order', async () => {
    const answer = await session.payment(HOSPITAL, id)
    return answer.ok && answer.body.payerState !== 'processing' ? answer.body : null
  })
  if (order.payerState === 'to_pay') await payAtChannel(region, person, order)
  await until('it is paid', async () => {
    const answer = await session.payment(HOSPITAL, id)
    return answer.ok && isDone(answer.body) ? answer.body : null
  })
}

const isDone = ({ status }: Payment) => status === 'succeeded'

/**
 * Lets the hours go by in which lists come and are worked on, until the date has its vouchers: what is to be done at one
 * moment is often found only after what was due before it.
 */
async function passDays({ hub }: CreditBed, clock: MovedClock, date: BusinessDate): Promise<void> {
  for (let days = 1; days < DAYS_AGO; days++) {
    clock.moveTo(instantAt(addDays(date, days), '00:15:00'))
    await sleep(LOOK_EVERY_MS)
    clock.moveTo(instantAt(addDays(date, days), '10:00:00'))
    for (let step = 0; step < STEPS_OF_A_DAY; step++) {
      clock.moveTo(addMs(clock.now(), STEP_MS))
      await sleep(LOOK_EVERY_MS)
      const [day] = await hub.accounting.days(HOSPITAL, { from: date, to: date })
      if (day?.status === 'complete' && day.version > 0) return
    }
  }
  throw new Error(`${date} never has its vouchers`)
}

async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  for (let i = 0; i < MOST_LOOKS; i++) {
    const found = await look()
    if (found !== null) return found
    await sleep(LOOK_EVERY_MS)
  }
  throw new Error(`it never came to this: ${what}`)
}

/** A row of the bank's statement, of today. */
const receiverOf =
  ({ hub, platform }: CreditBed) =>
  async (row: { bankRef: string; amountFen: number; payer: string }): Promise<void> => {
    const bookedOn = businessDateOf(platform.clock.now())
    const { bankRef, payer } = row
    const rows = [{ bankRef, amountFen: fen(row.amountFen), bookedOn, payer, memo: '' }]
    await hub.settlement.takeInReceipts(HOSPITAL, { account: 'main', rows }, systemActor('test'))
  }
