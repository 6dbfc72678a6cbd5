import { assert } from '../../../kernel/assert.ts'
import { type Fen, fen, minFen, negateFen } from '../../../kernel/money.ts'
import { randomBelow, seededRandom } from '../../../kernel/random.ts'
import {
  type BusinessDate,
  businessDate,
  isBusinessDate,
  yearsBetween,
} from '../../../kernel/time.ts'
import { balanceOf, post } from './books.ts'
import { type Context, type LoanProduct, Refusal } from './context.ts'

/** Whom the bank knows: an account with it, and what it goes by when it lends. */
export type Customer = {
  idCardNo: string
  name: string
  bankAccount: string
  monthlyIncomeFen: Fen
  /** Nothing is lent to them. */
  isBlocked: boolean
}

/** A customer to begin with, and what is in their account. */
export type NewCustomer = Customer & { balanceFen: Fen }

/**
 * Makes customers of people. A person's draw depends on the seed and their identity number alone, so it is the same
 * whoever else is there. One in twenty is blocked, one in ten has next to nothing in the account.
 */
export function customersOf(
  people: readonly { idCardNo: string; name: string }[],
  seed: string,
): NewCustomer[] {
  return people.map(({ idCardNo, name }) => {
    const random = seededRandom(`${seed}/customer/${idCardNo}`)
    const isPoor = randomBelow(random, 10) === 0
    return {
      idCardNo,
      name,
      bankAccount: `62${String(randomBelow(random, 1_000_000_000)).padStart(9, '0')}${idCardNo.slice(-8, -1)}`,
      monthlyIncomeFen: fen((20 + randomBelow(random, 180)) * 100_00),
      isBlocked: randomBelow(random, 20) === 0,
      balanceFen: isPoor ? fen(20_00) : fen((50 + randomBelow(random, 2_000)) * 100_00),
    }
  })
}

/** Opens accounts; whom the file knows already stays as they are. */
export function openAccounts(context: Context, customers: readonly NewCustomer[]): void {
  for (const { balanceFen, ...customer } of customers) {
    if (findCustomer(context, customer.idCardNo)) continue
    context.store.run('insert into customer values (?, ?, ?, ?, ?)', [
      customer.idCardNo,
      customer.name,
      customer.bankAccount,
      customer.monthlyIncomeFen,
      customer.isBlocked ? 1 : 0,
    ])
    deposit(context, customer, balanceFen)
  }
}

/** Puts money into an account over the counter. */
export function deposit(context: Context, { bankAccount }: Customer, amountFen: Fen): void {
  const businessNo = `OPEN${context.store.nextSerial('deposit')}`
  post(context, businessNo, [
    ['cash', amountFen],
    [accountOf(bankAccount), negateFen(amountFen)],
  ])
}

/** The ledger's name of a customer's account. */
export const accountOf = (bankAccount: string) => `customer:${bankAccount}`

/** What is in the account: the bank owes it, so its line is below zero. */
export const moneyOf = (context: Context, { bankAccount }: Customer): Fen =>
  negateFen(balanceOf(context, accountOf(bankAccount)))

export function findCustomer({ store }: Context, idCardNo: string): Customer | null {
  const row = store.get<{
    id_card_no: string
    name: string
    bank_account: string
    monthly_income_fen: number
    is_blocked: number
  }>('select * from customer where id_card_no = ?', [idCardNo])
  return (
    row && {
      idCardNo: row.id_card_no,
      name: row.name,
      bankAccount: row.bank_account,
      monthlyIncomeFen: fen(row.monthly_income_fen),
      isBlocked: row.is_blocked === 1,
    }
  )
}

export function customerOf(context: Context, idCardNo: string): Customer {
  const customer = findCustomer(context, idCardNo)
  assert(customer, 'a line is of a customer')
  return customer
}

const MIN_AGE = 18
const MAX_AGE = 70
const INCOMES = 2
const STEP = 100_00
const LEAST = 500_00

/**
 * The bank's own decision: at most two months' income, the product's limit and what is asked for, in steps of a hundred
 * yuan. Pure. Throws 'not_eligible' with the reason.
 */
export function decideLimit(
  customer: Customer,
  product: LoanProduct,
  { wantedFen, on }: { wantedFen: Fen; on: BusinessDate },
): Fen {
  const no = (reason: string) => new Refusal('not_eligible', reason)
  if (customer.isBlocked) throw no('综合评估未通过')
  const bornOn = bornOnOf(customer.idCardNo)
  const age = bornOn === null ? -1 : yearsBetween(bornOn, on)
  if (age < MIN_AGE || age > MAX_AGE) throw no('年龄不符合要求')
  const incomes = fen(INCOMES * customer.monthlyIncomeFen)
  const most = minFen(minFen(wantedFen, product.maxLimitFen), incomes)
  const limitFen = fen(most - (most % STEP))
  if (limitFen < LEAST) throw no('可授信额度过低')
  return limitFen
}

function bornOnOf(idCardNo: string): BusinessDate | null {
  const [, year, month, day] = /^\d{6}(\d{4})(\d{2})(\d{2})/.exec(idCardNo) ?? []
  const text = `${year}-${month}-${day}`
  return isBusinessDate(text) ? businessDate(text) : null
}
