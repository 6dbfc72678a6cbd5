import type { Fault } from '../../apps/simulators/kit/simulator.ts'
import type { Fen } from '../../kernel/money.ts'
import type {
  AdvanceRequest,
  ConfirmRequest,
  InsurerAnswer,
  ReturnRequest,
} from '../../modules/coverage/index.ts'
import type { InsurerBench } from './insurer-bench.ts'

// What is done to an insurer again and again in its tests.

export type On = () => InsurerBench

export const FAULTS: Fault[] = [
  { kind: 'refuse' },
  { kind: 'drop' },
  { kind: 'lose_answer' },
  { kind: 'garble' },
]
/** An order brought to its settlement. */
export async function settled(bench: InsurerBench, request = bench.newAdvance()) {
  const { insurer, call } = bench
  const { insurerNo, payFen } = dataOf(await insurer.advance(call, request))
  dataOf(await insurer.confirm(call, confirmOf(request, insurerNo, payFen)))
  return { request, insurerNo, payFen }
}

export const nosOf = ({ orderNo }: AdvanceRequest) => ({ orderNo, insurerNo: null })

export const confirmOf = (
  request: AdvanceRequest,
  insurerNo: string,
  payFen: Fen,
): ConfirmRequest => ({
  orderNo: request.orderNo,
  policyNo: request.policyNo,
  insurerNo,
  payFen,
})

export const returnOf = (
  { newNo }: InsurerBench,
  { orderNo }: AdvanceRequest,
  insurerNo: string,
  amountFen: Fen,
): ReturnRequest => ({ refundNo: newNo(), orderNo, insurerNo, amountFen, reason: '患者退费' })

export const submissionOf = (request: AdvanceRequest, insurerNo: string, submissionNo: string) => ({
  submissionNo,
  orderNo: request.orderNo,
  insurerNo,
  policyNo: request.policyNo,
  claimNo: null,
  consent: { id: 'consent-1', version: '2026-11' },
})

export const nextDay = (date: string) =>
  date.replace(/\d\d$/, (day) => String(Number(day) + 1)) as never

export const DONE = { outcome: 'ok', data: null }
export const no = (code: string) => ({ outcome: 'refused', code })

export function dataOf<T>(answer: InsurerAnswer<T>): T {
  if (answer.outcome === 'ok') return answer.data
  throw new Error(JSON.stringify(answer))
}
