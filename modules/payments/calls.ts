import { assert } from '../../kernel/assert.ts'
import type { Exchange } from '../../platform/exchange.ts'
import type { WriteBackAnswer } from './bill-desk.ts'
import type { MachineDependencies } from './dependencies.ts'
import type { chargeOrderOf, paidBillOf } from './orders.ts'
import type { Payment, Tender } from './payment.ts'
import {
  type ChargeAnswer,
  type HoldAnswer,
  type HoldingSource,
  isHolding,
  type Provider,
  type ReleaseAnswer,
} from './provider.ts'

/** One question to the outside, its intent written down. */
export type Call = TenderCall | WriteBackCall

export type TenderCall = {
  do: 'hold' | 'charge' | 'query' | 'release'
  payment: Payment
  tender: Tender
  order: ReturnType<typeof chargeOrderOf>
}

export type WriteBackCall = {
  do: 'write_back'
  billNo: string
  payment: Payment
  paid: ReturnType<typeof paidBillOf>
}

/** A question with its answer, to be written down. */
export type Answered = TenderAnswered | WriteBackAnswered

export type TenderAnswered = {
  of: 'tender'
  call: TenderCall
  answer: HoldAnswer | ChargeAnswer | ReleaseAnswer | { outcome: 'absent' }
  exchanges: Exchange[]
}

export type WriteBackAnswered = {
  of: 'bill'
  call: WriteBackCall
  answer: WriteBackAnswer
  exchanges: Exchange[]
}

/** Asks, outside of any transaction. Never throws for what a provider does: adapters answer 'unknown'. */
export const ask = (deps: MachineDependencies, call: Call): Promise<Answered> =>
  call.do === 'write_back' ? tellHospital(deps, call) : askProvider(deps, call)

export async function askProvider(
  { providersOf }: MachineDependencies,
  call: TenderCall,
): Promise<TenderAnswered> {
  const { context, exchanges } = callContext(call.payment)
  const provider = (await providersOf(call.payment.hospitalId)).get(call.tender.provider)
  assert(provider, `hospital ${call.payment.hospitalId} has the provider ${call.tender.provider}`)
  const answer =
    call.do === 'hold'
      ? await holder(provider).hold(context, call.order)
      : await provider[call.do](context, call.order)
  return { of: 'tender', call, answer, exchanges }
}

function holder(provider: Provider): HoldingSource {
  assert(isHolding(provider), `${provider.name} promises what it will pay`)
  return provider
}

async function tellHospital(
  { desk, canaries }: MachineDependencies,
  call: WriteBackCall,
): Promise<WriteBackAnswered> {
  const { context, exchanges } = callContext(call.payment)
  const answer: WriteBackAnswer = canaries.has('lost_write_back')
    ? { outcome: 'done', data: { receiptNo: 'none', guidance: [] } }
    : await desk.writeBack(context, call.paid)
  return { of: 'bill', call, answer, exchanges }
}

/** The frame of one call, and what was said in it. */
export function callContext({ hospitalId }: Pick<Payment, 'hospitalId'>) {
  const exchanges: Exchange[] = []
  const context = { hospitalId, trace: (exchange: Exchange) => void exchanges.push(exchange) }
  return { context, exchanges }
}
