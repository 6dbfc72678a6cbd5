import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect } from 'vitest'

import {
  createDescribedHospital,
  type Product,
  readProduct,
  shippedProduct,
} from '../../adapters/hospitals/declarative/index.ts'
import type { HisSimulator } from '../../apps/simulators/his/index.ts'
import {
  firstDepartment,
  type TestClock,
  testOptions,
  world,
} from '../../apps/simulators/his/testing.ts'
import type { WorldPerson } from '../../apps/simulators/world/index.ts'
import { fen } from '../../kernel/money.ts'
import { seededRandom } from '../../kernel/random.ts'
import {
  createOwnMemory,
  type HisAnswer,
  type HisBill,
  type HisRefusal,
  type HisWriteBack,
  type HospitalSystem,
  type OperationName,
} from '../../modules/hospitals/index.ts'
import type { Exchange } from '../../platform/exchange.ts'

/** A hospital's system as the hub sees it, and the hospital behind it. */
export type Stage = {
  system: HospitalSystem
  his: HisSimulator
  clock: TestClock
  close: () => Promise<void>
}

/** What a product offers, and where the words of the contract are more than it can say. */
export type Offer = {
  name: string
  operations: ReadonlySet<OperationName>
  /** Whether a bill is open again after its payment was taken back; otherwise it is refunded. */
  reopens: boolean
  /** Whether the list of a day holds what was paid for stays, too. */
  listsDeposits: boolean
  open: () => Promise<Stage>
}

const ODD_NAMES = ['阿依古丽·买买提', '王𠮷']

/** People with a card of the hospital; the first two have names that not every system can write. */
const PEOPLE: readonly WorldPerson[] = world.people
  .filter((person) => person.media.hospitalCards.some((card) => card.hospitalId === 1))
  .map((person, i) => ({ ...person, name: ODD_NAMES[i] ?? person.name }))

export const personOf = (i: number): WorldPerson => {
  const person = PEOPLE[i]
  if (person === undefined) throw new Error(`there are fewer than ${i + 1} card holders`)
  return person
}

const renamed = new Map(PEOPLE.map((person) => [person.no, person]))

/** What every simulator is started with: a Monday morning, and the people with their names. */
export function simulatorOptions(clock: TestClock) {
  const people = world.people.map((person) => renamed.get(person.no) ?? person)
  return { ...testOptions(clock), people }
}

export const MONDAY = '2026-11-23T07:20:00+08:00'

function shipped(name: string): Product {
  const read = readProduct(shippedProduct(name))
  if (read.outcome === 'wrong') throw new Error(JSON.stringify(read.problems, null, 2))
  return read.product
}

/** The operations a shipped product describes. */
export const operationsOf = (name: string): ReadonlySet<OperationName> =>
  new Set(Object.keys(shipped(name).operations) as OperationName[])

export const describedSystem = (
  name: string,
  params: Readonly<Record<string, string>>,
  clock: TestClock,
): HospitalSystem =>
  createDescribedHospital(
    shipped(name),
    { params, codes: {} },
    { clock, random: seededRandom(name), timeoutMs: 20_000, memory: createOwnMemory() },
  )

export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'yiqiao-hospital-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** What was exchanged, as it is kept: the last test of a journey looks for what must not be in it. */
export const exchanges: Exchange[] = []
export const call = { trace: (exchange: Exchange) => void exchanges.push(exchange) }

/** The data of an answer that is ok; fails with what it says otherwise. */
export function ok<T>(answer: HisAnswer<T>): T {
  if (answer.outcome === 'ok') return answer.data
  throw new Error(JSON.stringify(answer))
}

export const refused = (...codes: HisRefusal[]): unknown =>
  expect.objectContaining({
    outcome: 'refused',
    code: expect.stringMatching(new RegExp(`^(${codes.join('|')})$`)) as unknown,
  })

/** A write-back of all of a bill, by one tender. */
export const payment = (
  bill: Pick<HisBill, 'billNo' | 'version' | 'totalFen'>,
  paymentNo: string,
  clock: TestClock,
): HisWriteBack => ({
  paymentNo,
  billNo: bill.billNo,
  version: bill.version,
  totalFen: bill.totalFen,
  paidAt: clock.now(),
  tenders: [{ kind: 'self_pay', amountFen: bill.totalFen, tradeNo: `WX-${paymentNo}` }],
  insuranceSettlementNo: null,
})

/** A bill of the hospital's first department. */
export const billFor = (his: HisSimulator, person: WorldPerson, lines = 3) =>
  his.createBill({
    personNo: person.no,
    departmentCode: firstDepartment().code,
    kind: 'outpatient',
    items: Array.from({ length: lines }, (_, i) => {
      const item = world.catalogue[i % world.catalogue.length]
      if (item === undefined) throw new Error('the catalogue is empty')
      return { code: item.code, quantity: 1 + (i % 3) }
    }),
  })

export const selfPaid = (amountFen: number) => [
  { kind: 'self_pay' as const, amountFen: fen(amountFen) },
]
