import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'

import { type Fen, fen } from '../../../kernel/money.ts'
import { seededRandom } from '../../../kernel/random.ts'
import { addMs, DAY_MS } from '../../../kernel/time.ts'
import { openBooks } from '../kit/books.ts'
import { noFaults } from '../kit/simulator.ts'
import { owedOn } from './bills.ts'
import { checkBooks } from './books.ts'
import { type Context, type LoanProduct, Refusal } from './context.ts'
import {
  type Customer,
  customersOf,
  decideLimit,
  type NewCustomer,
  openAccounts,
} from './customers.ts'
import { allDraws, consume, flush } from './draws.ts'
import { beginDays, runDue } from './due-work.ts'
import { startLender } from './index.ts'
import { applyForLine, openHospitals, signLine, standingOf } from './lines.ts'
import { USUAL_PRODUCTS } from './products.ts'
import { createRepayment, payRepayment } from './repayments.ts'
import { SCHEMA, SCHEMA_VERSION } from './schema.ts'

const SOMEBODY: NewCustomer = {
  name: '欧阳明月',
  idCardNo: '990101198802033216',
  bankAccount: '6217000000000001',
  monthlyIncomeFen: fen(8_000_00),
  isBlocked: false,
  balanceFen: fen(3_000_00),
}
const HOSPITALS = [{ hospCode: 'H1', limitFen: fen(100_000_00) }]
const PARTNER = 'YQ'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

describe('the bank’s books', () => {
  const steps = fc.array(
    fc.record({
      do: fc.constantFrom('draw', 'flush', 'repay', 'wait'),
      amount: fc.integer({ min: 1, max: 900_00 }),
    }),
    { maxLength: 25 },
  )

  it('are right after whatever was drawn, taken back, repaid and waited for', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const bank = openBank()
        list.forEach((step, i) => act(bank, step, `N${i}`))
        const { context, accountNo, line } = bank
        expect(checkBooks(context)).toEqual([])
        const { loanedFen, remainingFen } = standingOf(context, line)
        expect(loanedFen + remainingFen).toBe(line.limitFen)
        expect(owedOn(context, accountNo)).toBeGreaterThanOrEqual(loanedFen)
        context.store.close()
      }),
      { numRuns: 60 },
    )
  })

  it.each([
    ['draw is not booked once', 'delete from line where business_no like ?', 'LC%'],
    ['bill is not what was drawn for it', 'update draw set amount_fen = amount_fen + ?', 1],
    ['loans are not what the bills have open', 'update bill set open_fen = open_fen - ?', 1],
    ['entry does not sum to zero', 'update line set amount_fen = amount_fen + ?', 1],
  ])('find that a %s', (rule, sql, value) => {
    const bank = openBank()
    act(bank, { do: 'draw', amount: 100_00 }, 'N1')
    expect(checkBooks(bank.context)).toEqual([])
    bank.context.store.run(sql, [value])
    expect(checkBooks(bank.context).join()).toContain(rule)
  })
})

describe('the bank’s decision', () => {
  const [product] = USUAL_PRODUCTS
  if (!product) throw new Error('something is offered')

  /** Nothing when it is refused. */
  function grantedTo(customer: Customer, wantedFen: Fen): Fen {
    try {
      return decideLimit(customer, product as LoanProduct, { wantedFen, on: '2026-11-21' as never })
    } catch (error) {
      if (error instanceof Refusal) return fen(0)
      throw error
    }
  }

  it('is at most two incomes, the product’s and what is wanted, in whole hundreds of yuan', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50_000_00 }),
        fc.integer({ min: 0 }),
        (want, income) => {
          const customer = { ...SOMEBODY, monthlyIncomeFen: fen(income % 50_000_00) }
          const limitFen = grantedTo(customer, fen(want))
          const most = Math.min(want, 2 * customer.monthlyIncomeFen, product.maxLimitFen)
          expect(limitFen).toBe(most >= 500_00 ? most - (most % 100_00) : 0)
        },
      ),
    )
  })

  it('has the same customers of the same people, whoever else is there', () => {
    const people = [SOMEBODY, { name: '司马青云', idCardNo: '990101199003043418' }]
    expect(customersOf(people, 'seed')[1]).toEqual(customersOf(people.slice(1), 'seed')[0])
  })
})

it('the bank goes on after a restart where it stood', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lender-'))
  folders.push(folder)
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const start = () =>
    startLender({
      clock: { now: () => new Date('2026-11-21T09:30:00+08:00') },
      random: seededRandom('restart'),
      faults: noFaults as never,
      databaseFile: join(folder, 'lender.sqlite'),
      port: 0,
      privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      partners: [],
      hospitals: HOSPITALS,
      customers: [SOMEBODY],
    })
  const first = await start()
  first.deposit(SOMEBODY.idCardNo, fen(1))
  await first.stop()
  const second = await start()
  expect(second.moneyOf(SOMEBODY.idCardNo)).toBe(3_000_01)
  expect(second.checkBooks()).toEqual([])
  await second.stop()
})

/** A bank of one customer with a line of ¥1,000, without its gateway. */
function openBank() {
  let now = new Date('2026-11-21T09:30:00+08:00')
  const context: Context = {
    clock: { now: () => now },
    random: seededRandom('bank'),
    faults: () => null,
    store: openBooks(':memory:', { version: SCHEMA_VERSION, sql: SCHEMA }),
    products: new Map(USUAL_PRODUCTS.map((product) => [product.code, product])),
  }
  openHospitals(context, HOSPITALS)
  openAccounts(context, [SOMEBODY])
  beginDays(context)
  const line = applyForLine(context, {
    partner: PARTNER,
    userId: 'U1',
    name: SOMEBODY.name,
    idCardNo: SOMEBODY.idCardNo,
    productCode: 'visit-credit-2',
    wantedFen: fen(1_000_00),
  })
  const pass = (days: number) => {
    now = addMs(now, days * DAY_MS)
    runDue(context)
  }
  return { context, line: signLine(context, line), accountNo: line.accountNo, pass }
}

type Bank = ReturnType<typeof openBank>

/** One step; what the bank refuses leaves no trace. */
function act(bank: Bank, step: { do: string; amount: number }, no: string): void {
  const { context, line, accountNo, pass } = bank
  const amountFen = fen(step.amount)
  const of = { partner: PARTNER, line, hospCode: 'H1' }
  try {
    context.store.transaction(() => {
      if (step.do === 'draw') {
        const visitNo = step.amount % 2 === 0 ? 'V1' : null
        consume(context, { ...of, transNo: no, visitNo, amountFen })
      }
      const [draw] = allDraws(context)
      if (step.do === 'flush' && draw) {
        flush(context, { partner: PARTNER, flushNo: no, drawFlowId: draw.flowId, amountFen })
      }
      if (step.do === 'repay') {
        const order = { ...of, repayNo: no, scope: 'partial' as const, about: null, amountFen }
        payRepayment(context, createRepayment(context, order))
      }
    })
    if (step.do === 'wait') pass(1 + (step.amount % 40))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
  expect(owedOn(context, accountNo)).toBeGreaterThanOrEqual(0)
}
