import { type Fen, fen } from '../../../kernel/money.ts'
import { businessDateOf, type Clock } from '../../../kernel/time.ts'
import type {
  DayLine,
  Drawn,
  Lender,
  LenderAnswer,
  LenderRefusal,
  Repaid,
  RepaymentOrder,
  Reversed,
} from '../lender.ts'
import type { LenderId } from '../terms.ts'

type Fault = 'lost_request' | 'lost_answer' | { refuse: LenderRefusal }
type Verb = 'apply' | 'sign' | 'draw' | 'reverse' | 'repay' | 'authority'

/** A bank that remembers, loses what it is told to lose, and refuses a number that comes with other content. */
export class MemoryBank implements Lender {
  readonly lenderId: LenderId
  readonly draws = new Map<string, Drawn & { hospital: number }>()
  readonly reversals = new Map<string, Reversed & { hospital: number }>()
  readonly repayments = new Map<string, Repaid>()
  /** Each repayment that was announced. */
  readonly asked: RepaymentOrder[] = []
  readonly log: string[] = []
  limitFen: Fen = fen(500_000)
  #clock: Clock
  #faults = new Map<Verb, Fault[]>()

  constructor(lenderId: LenderId, clock: Clock) {
    this.lenderId = lenderId
    this.#clock = clock
  }

  fault(verb: Verb, ...faults: Fault[]) {
    this.#faults.set(verb, faults)
  }

  authority: Lender['authority'] = (_call, { accountNo }) =>
    this.#answer('authority', () => ({
      accountNo,
      limitFen: this.limitFen,
      loanedFen: fen(0),
      remainingFen: this.limitFen,
      overdueDays: 0,
      signStatus: 'signed' as const,
    }))

  apply: Lender['apply'] = (_call, { applicationNo, wantedFen }) =>
    this.#answer('apply', () => ({
      accountNo: `A${applicationNo}`,
      limitFen: fen(Math.min(wantedFen, this.limitFen)),
    }))

  sign: Lender['sign'] = () => this.#answer('sign', () => ({ signedAt: this.#clock.now() }))
  end: Lender['end'] = () => this.#answer('sign', () => ({ endedAt: this.#clock.now() }))

  draw: Lender['draw'] = (_call, { drawNo, amountFen, careHospitalId }) =>
    this.#answer('draw', () => {
      const lenderNo = `D${this.draws.size + 1}`
      const made = { lenderNo, amountFen, at: this.#clock.now(), hospital: careHospitalId }
      const known = this.draws.get(drawNo)
      this.draws.set(drawNo, known ?? made)
      return known ?? made
    })

  queryDraw: Lender['queryDraw'] = async (_call, { drawNo }) => found(this.draws.get(drawNo))

  reverseDraw: Lender['reverseDraw'] = (_call, { reversalNo, amountFen, draw }) =>
    this.#answer('reverse', () => {
      const lenderNo = `R${this.reversals.size + 1}`
      const made = { lenderNo, amountFen, at: this.#clock.now(), hospital: draw.careHospitalId }
      const known = this.reversals.get(reversalNo)
      this.reversals.set(reversalNo, known ?? made)
      return known ?? made
    })

  queryReversal: Lender['queryReversal'] = async (_call, { reversalNo }) =>
    found(this.reversals.get(reversalNo))

  bills: Lender['bills'] = async () => ({ outcome: 'ok', data: [] })

  createRepayment: Lender['createRepayment'] = async (_call, order) => {
    this.asked.push(order)
    return { outcome: 'ok', data: { amountFen: order.amountFen, lenderNo: order.repaymentNo } }
  }

  payRepayment: Lender['payRepayment'] = (_call, { repaymentNo, amountFen }) =>
    this.#answer('repay', () => {
      const made = { lenderNo: `P${repaymentNo}`, amountFen, at: this.#clock.now() }
      const known = this.repayments.get(repaymentNo) ?? made
      this.repayments.set(repaymentNo, known)
      return known
    })

  queryRepayment: Lender['queryRepayment'] = async (_call, { repaymentNo }) =>
    found(this.repayments.get(repaymentNo))

  dayStatement: Lender['dayStatement'] = async (_call, { careHospitalId, businessDate }) => {
    const of = (kind: DayLine['kind'], all: Map<string, Drawn & { hospital: number }>) =>
      [...all].flatMap(([ourNo, { lenderNo, amountFen, at, hospital }]): DayLine[] =>
        hospital === careHospitalId && businessDateOf(at) === businessDate
          ? [{ kind, ourNo, lenderNo, amountFen, at }]
          : [],
      )
    const lines = [...of('draw', this.draws), ...of('reversal', this.reversals)]
    return { outcome: 'lines', lines, content: JSON.stringify(lines) }
  }

  async #answer<T>(verb: Verb, work: () => T): Promise<LenderAnswer<T>> {
    this.log.push(verb)
    const fault = this.#faults.get(verb)?.shift()
    if (fault === 'lost_request') return { outcome: 'unknown', reason: 'no answer' }
    if (typeof fault === 'object') return { outcome: 'refused', code: fault.refuse, reason: 'no' }
    const data = work()
    return fault === 'lost_answer'
      ? { outcome: 'unknown', reason: 'no answer' }
      : { outcome: 'ok', data }
  }
}

const found = <T>(data: T | undefined) =>
  data === undefined ? ({ outcome: 'none' } as const) : ({ outcome: 'ok', data } as const)
