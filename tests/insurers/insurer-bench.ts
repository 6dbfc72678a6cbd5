import { createHash } from 'node:crypto'

import type {
  CommercialInsurer,
  InsurerOptions,
  Product,
} from '../../apps/simulators/commercial/index.ts'
import type { Fault, FaultPlan } from '../../apps/simulators/kit/simulator.ts'
import { assert } from '../../kernel/assert.ts'
import { type Fen, fen } from '../../kernel/money.ts'
import { seededRandom } from '../../kernel/random.ts'
import {
  addDays,
  addMs,
  type BusinessDate,
  businessDate,
  businessDateOf,
  type Clock,
  instantAt,
} from '../../kernel/time.ts'
import type {
  AdvanceRequest,
  ClaimDocument,
  DocumentKind,
  Insurer,
  InsurerCall,
} from '../../modules/coverage/index.ts'
import type { Exchange } from '../../platform/exchange.ts'

// An adapter with its simulator behind it: a clock moved by hand, one fault at a time, and four people.

const START = '2026-11-21T09:30:00+08:00'

export const HOLDERS = {
  insured: { name: '欧阳明月', idCardNo: '990101198802033216' },
  waiting: { name: '司马青云', idCardNo: '990101199003043418' },
  ended: { name: '诸葛长风', idCardNo: '990102197001012513' },
  none: { name: '上官无双', idCardNo: '990103196505056711' },
} as const

export const POLICIES = { insured: 'P-INSURED', waiting: 'P-WAITING', ended: 'P-ENDED' } as const

/** ¥200 deductible, 80 % in the catalogue and half outside it, ¥1,000 a year. */
export const PRODUCT: Product = {
  code: 'TEST-1',
  name: '门诊补充保险',
  visitKinds: ['outpatient', 'registration'],
  deductibleFen: fen(200_00),
  ratioPpm: 800_000,
  outsideRatioPpm: 500_000,
  capFen: fen(1_000_00),
  claimCapFen: null,
  waitingDays: 30,
  excludedCategories: ['14'],
  excludedDiagnoses: ['O'],
}

export type InsurerBench = {
  insurer: Insurer
  /** The same contract with another secret. */
  impostor: Insurer
  /** The adapter, asking somebody else at this address. */
  asking: (url: string, timeoutMs?: number) => Insurer
  simulator: CommercialInsurer
  clock: Clock
  call: InsurerCall
  exchanges: Exchange[]
  /** What stands in no exchange. */
  secrets: readonly string[]
  hospitalCode: string
  newNo: () => string
  newAdvance: (changes?: Partial<AdvanceRequest>) => AdvanceRequest
  /** What goes wrong with the next call whose operation matches. */
  trouble: (fault: Fault, operation?: RegExp) => void
  pass: (ms: number) => void
  endDay: () => BusinessDate
  /** Stops the simulator; throws when its books contradict themselves. */
  close: () => Promise<void>
}

export type BenchParts = {
  options: Pick<InsurerOptions, 'clock' | 'random' | 'faults' | 'databaseFile' | 'port'> &
    Pick<InsurerOptions, 'products' | 'policies'>
  clock: Clock
}

/** `open` starts the simulator and makes the adapter for it. */
export async function openInsurerBench(
  name: string,
  open: (parts: BenchParts) => Promise<{
    simulator: CommercialInsurer
    hospitalCode: string
    secrets: readonly string[]
    insurerAt: (url: string, how: { timeoutMs: number; wrongSecret: boolean }) => Insurer
  }>,
): Promise<InsurerBench> {
  let now = new Date(START)
  let next: { fault: Fault; operation: RegExp } | null = null
  const clock: Clock = { now: () => now }
  const faults: FaultPlan = (point) => {
    if (next === null || !next.operation.test(point.operation)) return null
    const { fault } = next
    next = null
    return fault
  }
  const { simulator, insurerAt, ...rest } = await open({
    clock,
    options: {
      clock,
      random: seededRandom(`${name} insurer`),
      faults,
      databaseFile: ':memory:',
      port: 0,
      products: [PRODUCT],
      policies: grants(),
    },
  })
  const exchanges: Exchange[] = []
  let count = 0
  const newNo = () => `YQ${String((count += 1)).padStart(28, '0')}`
  const at = (url: string, timeoutMs: number, wrongSecret = false) =>
    insurerAt(url, { timeoutMs, wrongSecret })
  return {
    ...rest,
    insurer: at(simulator.url, 5_000),
    impostor: at(simulator.url, 5_000, true),
    asking: (url, timeoutMs = 5_000) => at(url, timeoutMs),
    simulator,
    clock,
    call: { trace: (exchange) => void exchanges.push(exchange), signal: null },
    exchanges,
    newNo,
    newAdvance: (changes) => newAdvance(newNo(), now, changes),
    trouble: (fault, operation = /./) => void (next = { fault, operation }),
    pass: (ms) => void (now = addMs(now, ms)),
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

function grants(): InsurerOptions['policies'] {
  const grant = (who: keyof typeof POLICIES, beginsOn: string, endsOn: string) => ({
    policyNo: POLICIES[who],
    product: PRODUCT.code,
    idCardNo: HOLDERS[who].idCardNo,
    holderName: HOLDERS[who].name,
    beginsOn: businessDate(beginsOn),
    endsOn: businessDate(endsOn),
  })
  return [
    grant('insured', '2026-03-01', '2027-02-28'),
    grant('waiting', '2026-11-10', '2027-11-09'),
    grant('ended', '2025-01-01', '2025-12-31'),
  ]
}

/**
 * ¥650, of which the funds paid ¥50 of the second line. In the catalogue ¥450 are left, outside it ¥100, and ¥50 are
 * of a category that is not covered. (450 − 200) × 80 % + 100 × 50 % = ¥250.
 */
function newAdvance(
  orderNo: string,
  billedAt: Date,
  changes: Partial<AdvanceRequest> = {},
): AdvanceRequest {
  const lines = [
    line(1, '09', 'A', 300_00, 300_00),
    line(2, '03', 'B', 200_00, 150_00),
    line(3, '08', 'C', 100_00, 100_00),
    line(4, '14', 'C', 50_00, 50_00),
  ]
  return {
    orderNo,
    holder: HOLDERS.insured,
    policyNo: POLICIES.insured,
    bill: {
      billNos: ['MZ20261121001'],
      visitNo: `V${orderNo.slice(-6)}`,
      kind: 'outpatient',
      department: { code: '0301', name: '心血管内科' },
      diagnosis: { code: 'I10', name: '原发性高血压病' },
      billedAt,
      totalFen: fen(650_00),
      lines,
    },
    paid: { pooledFen: fen(50_00), accountFen: fen(0), otherPoliciesFen: fen(0) },
    leftFen: fen(600_00),
    ...changes,
  }
}

export const BENEFIT = fen(250_00)

function line(no: number, category: string, insuranceClass: 'A' | 'B' | 'C', ...fens: number[]) {
  const [amountFen, leftFen] = fens.map(fen) as [Fen, Fen]
  return {
    lineId: `MZ20261121001-${no}`,
    code: `H${no}`,
    nationalCode: `XA0${no}`,
    name: `阿托伐他汀钙片之${no}`,
    chargeCategory: category,
    insuranceClass,
    quantity: 1,
    unitPriceFen: amountFen,
    amountFen,
    leftFen,
  }
}

/** A bill of one line in the catalogue, of which nobody has paid anything. */
export function billOf(amountFen: Fen, request: AdvanceRequest): AdvanceRequest {
  const [first] = request.bill.lines
  assert(first, 'the bill has a line')
  const only = { ...first, amountFen, leftFen: amountFen, unitPriceFen: amountFen }
  return {
    ...request,
    bill: { ...request.bill, totalFen: amountFen, lines: [only] },
    paid: { pooledFen: fen(0), accountFen: fen(0), otherPoliciesFen: fen(0) },
    leftFen: amountFen,
  }
}

export function documentOf(kind: DocumentKind): ClaimDocument {
  const content = Buffer.from(`${kind}: 欧阳明月 原发性高血压病`)
  const sha256 = createHash('sha256').update(content).digest('hex')
  const contentType = 'text/plain'
  return {
    kind,
    documentNo: `DOC-${kind}`,
    title: `${kind} 欧阳明月`,
    contentType,
    content,
    sha256,
  }
}
