import { generateKeyPairSync } from 'node:crypto'

import { createGatewayLender, readGatewayParams } from '../../adapters/lenders/gateway/index.ts'
import type { Fault } from '../../apps/simulators/kit/simulator.ts'
import {
  type LenderFaultPlan,
  type LenderSimulator,
  type NewCustomer,
  type SignType,
  startLender,
} from '../../apps/simulators/lender/index.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { type Fen, fen } from '../../kernel/money.ts'
import { seededRandom } from '../../kernel/random.ts'
import {
  addDays,
  addMs,
  type BusinessDate,
  businessDateOf,
  type Clock,
  instantAt,
} from '../../kernel/time.ts'
import {
  type CreditVisitId,
  type DrawOrder,
  type Drawn,
  type Holder,
  type Lender,
  type LenderAnswer,
  type LenderCall,
  lenderId,
  type LineRequest,
  type None,
  type RepaymentOrder,
  type ReversalOrder,
  type Reversed,
} from '../../modules/credit/index.ts'
import type { Exchange } from '../../platform/exchange.ts'

/** A lender with somebody who has a line of ¥1,000, drawing as the platform draws. */
export type LendingBench = {
  lender: Lender
  call: LenderCall
  holder: Holder
  newNo: () => string
  newDraw: (amountFen: number, changes?: Partial<DrawOrder>) => DrawOrder
  draw: (order: DrawOrder) => Promise<LenderAnswer<Drawn>>
  reverse: (order: ReversalOrder) => Promise<LenderAnswer<Reversed>>
  setLimit: (limitFen: Fen) => Promise<void>
  setHospitalLimit: (limitFen: Fen) => Promise<void>
  /** Ends the day, and gives it back, when its list is there. */
  endDay: () => BusinessDate
  close: () => Promise<void>
}

export const LIMIT = fen(1_000_00)
export const HOSPITAL = 17 as HospitalId
const LENDER = lenderId(900_002)

// The gateway: its adapter with its simulator behind it, a clock moved by hand, and one fault at a time.

const START = '2026-11-21T09:30:00+08:00'
export const HOSP_CODE = 'H0017'
export const PARTNER_NO = 'YQ0001'
const PRODUCT = 'visit-1'

export const PEOPLE = {
  worker: person('欧阳明月', '990101198802033216', 8_000_00, 5_000_00),
  poor: person('司马青云', '990101199003043418', 5_000_00, 20_00),
  blocked: { ...person('诸葛长风', '990102197001012513', 9_000_00, 100_00), isBlocked: true },
  old: person('上官无双', '990103193505056711', 9_000_00, 100_00),
} satisfies Record<string, NewCustomer>

type Who = keyof typeof PEOPLE

export type GatewayBench = LendingBench & {
  simulator: LenderSimulator
  clock: Clock
  exchanges: Exchange[]
  /** What stands in no exchange. */
  secrets: readonly string[]
  keys: Keys
  signType: SignType
  /** The same contract with another key of ours, or believing another key of the bank's. */
  impostor: Lender
  misled: Lender
  asking: (url: string, timeoutMs?: number) => Lender
  applicationOf: (who: Who, changes?: Partial<LineRequest>) => LineRequest
  /** A signed line of ¥1,000. */
  lineFor: (who: Who) => Promise<Holder>
  reversalOf: (order: DrawOrder, drawLenderNo: string, amountFen: number) => ReversalOrder
  repaymentOf: (order: DrawOrder, changes?: Partial<RepaymentOrder>) => RepaymentOrder
  trouble: (fault: Fault, operation?: RegExp) => void
  /** The moment moves, and the bank does what is due. */
  pass: (ms: number) => Promise<void>
}

export type Keys = ReturnType<typeof makeKeys>

const makeKeys = () => ({ ours: keyPair(), bank: keyPair(), other: keyPair() })

let made: Keys | undefined

/** `signType` as the gateway and the hub have agreed. */
export async function openGatewayBench(signType: SignType = 'RSA2'): Promise<GatewayBench> {
  made ??= makeKeys()
  const keys = made
  let now = new Date(START)
  let next: { fault: Fault; operation: RegExp } | null = null
  const clock: Clock = { now: () => now }
  const faults: LenderFaultPlan = (point) => {
    if (next === null || !next.operation.test(point.operation)) return null
    const { fault } = next
    next = null
    return fault
  }
  const simulator = await startSimulator({ clock, faults, keys, signType })
  const exchanges: Exchange[] = []
  const lenderAt = lendersOf({ clock, keys, signType })
  const bench = {
    lender: lenderAt(simulator.url),
    call: { trace: (exchange: Exchange) => void exchanges.push(exchange) },
    ...numbers(() => now),
  }
  const holder = await lineFor(bench, 'worker')
  exchanges.length = 0
  return {
    ...bench,
    ...ordersOf(bench.newNo, () => now, holder),
    holder,
    simulator,
    clock,
    exchanges,
    secrets: Object.values(PEOPLE).flatMap(({ name, idCardNo }) => [name, idCardNo]),
    keys,
    signType,
    impostor: lenderAt(simulator.url, { privateKeyPem: keys.other.privateKeyPem }),
    misled: lenderAt(simulator.url, { bankPublicKeyPem: keys.other.publicKeyPem }),
    asking: (url, timeoutMs = 5_000) => lenderAt(url, { timeoutMs }),
    lineFor: (who) => lineFor(bench, who),
    draw: (order) => bench.lender.draw(bench.call, order),
    reverse: (order) => bench.lender.reverseDraw(bench.call, order),
    setLimit: async (limitFen) => simulator.changeLine(holder.accountNo, { limitFen }),
    setHospitalLimit: async (limitFen) => simulator.setHospitalLimit(HOSP_CODE, limitFen),
    trouble: (fault, operation = /./) => void (next = { fault, operation }),
    async pass(ms) {
      now = addMs(now, ms)
      await simulator.runDue()
    },
    endDay() {
      const day = businessDateOf(now)
      now = instantAt(addDays(day, 1), '10:00:00')
      return day
    },
    async close() {
      const problems = simulator.checkBooks()
      await simulator.stop()
      if (problems.length > 0) throw new Error(problems.join('; '))
    },
  }
}

type Agreed = { clock: Clock; keys: Keys; signType: SignType }

const startSimulator = ({ clock, faults, keys, signType }: Agreed & { faults: LenderFaultPlan }) =>
  startLender({
    clock,
    random: seededRandom('the bank'),
    faults,
    databaseFile: ':memory:',
    port: 0,
    privateKeyPem: keys.bank.privateKeyPem,
    partners: [
      {
        partnerNo: PARTNER_NO,
        publicKeyPem: keys.ours.publicKeyPem,
        signType,
        hospCodes: [HOSP_CODE],
      },
    ],
    hospitals: [{ hospCode: HOSP_CODE, limitFen: fen(100_000_00) }],
    customers: Object.values(PEOPLE),
    products: [
      {
        code: PRODUCT,
        freeDays: 10,
        termDays: 30,
        yearlyRatePpm: 73_000, // of ¥1,000, 20 fen a day
        penaltyPpm: 1_500_000,
        maxLimitFen: fen(20_000_00),
      },
    ],
    servicePrefix: 'bank.wap.',
  })

/** Adapters for an address; each with nonces of its own. */
function lendersOf({ clock, keys, signType }: Agreed) {
  let count = 0
  return (
    url: string,
    { timeoutMs = 5_000, ...changes }: { timeoutMs?: number } & Record<string, unknown> = {},
  ): Lender =>
    createGatewayLender(
      LENDER,
      readGatewayParams({
        gatewayUrl: `${url}/gateway`,
        partnerNo: PARTNER_NO,
        servicePrefix: 'bank.wap.',
        operId: 'YIQIAO',
        sourceCode: 'APP',
        signType,
        privateKeyPem: keys.ours.privateKeyPem,
        bankPublicKeyPem: keys.bank.publicKeyPem,
        hospitals: [{ hospitalId: Number(HOSPITAL), hospCode: HOSP_CODE }],
        ...changes,
      }),
      { clock, random: seededRandom(`flow ${(count += 1)}`), timeoutMs },
    )
}

function numbers(now: () => Date) {
  let count = 0
  const newNo = () => `0P9U${String((count += 1)).padStart(26, '0')}`
  const applicationOf = (who: Who, changes: Partial<LineRequest> = {}): LineRequest => ({
    applicationNo: newNo(),
    productId: PRODUCT,
    applicant: {
      personId: personIdOf(who),
      name: PEOPLE[who].name,
      idCardNo: PEOPLE[who].idCardNo,
      phone: '19900000001',
    },
    wantedFen: LIMIT,
    consent: { textVersion: 'v1', textSha256: 'a'.repeat(64), givenAt: now() },
    ...changes,
  })
  return { newNo, applicationOf }
}

async function lineFor(
  { lender, call, applicationOf }: Pick<GatewayBench, 'lender' | 'call' | 'applicationOf'>,
  who: Who,
): Promise<Holder> {
  const application = applicationOf(who)
  const { accountNo } = dataOf(await lender.apply(call, application))
  const { applicationNo, applicant } = application
  const holder = { personId: applicant.personId, accountNo }
  dataOf(await lender.sign(call, { applicationNo, way: 'next_month', ...holder }))
  return holder
}

function ordersOf(newNo: () => string, now: () => Date, holder: Holder) {
  const newDraw = (amountFen: number, changes: Partial<DrawOrder> = {}): DrawOrder => ({
    drawNo: newNo(),
    holder,
    productId: PRODUCT,
    amountFen: fen(amountFen),
    careHospitalId: HOSPITAL,
    scene: 'outpatient',
    visitId: null,
    description: '市一医院 门诊费用 MZ20261121001',
    requestedAt: now(),
    ...changes,
  })
  const reversalOf = (draw: DrawOrder, drawLenderNo: string, amountFen: number) => ({
    reversalNo: newNo(),
    draw,
    drawLenderNo,
    amountFen: fen(amountFen),
    requestedAt: now(),
  })
  const repaymentOf = (draw: DrawOrder, changes: Partial<RepaymentOrder> = {}): RepaymentOrder => ({
    repaymentNo: newNo(),
    holder: draw.holder,
    scope: 'full',
    about: draw.visitId === null ? { drawNo: draw.drawNo } : { visitId: draw.visitId },
    amountFen: draw.amountFen,
    requestedAt: now(),
    ...changes,
  })
  return { newDraw, reversalOf, repaymentOf }
}

export const VISIT = '01935f6a-7b1c-7000-8000-0000000000a1' as CreditVisitId

const personIdOf = (who: string) =>
  `01935f6a-7b1c-7000-8000-${Buffer.from(who.padEnd(6, '.')).toString('hex').slice(0, 12)}` as Holder['personId']

export function dataOf<T>(answer: LenderAnswer<T> | None): T {
  if (answer.outcome === 'ok') return answer.data
  throw new Error(JSON.stringify(answer))
}

export const no = (code: string) => ({ outcome: 'refused', code })

function person(
  name: string,
  idCardNo: string,
  incomeFen: number,
  balanceFen: number,
): NewCustomer {
  return {
    name,
    idCardNo,
    bankAccount: `6217${idCardNo.slice(-12, -1)}`,
    monthlyIncomeFen: fen(incomeFen),
    isBlocked: false,
    balanceFen: fen(balanceFen),
  }
}

function keyPair() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  }
}
