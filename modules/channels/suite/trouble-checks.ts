import type { Exchange } from '../../../platform/exchange.ts'
import type { ChargeAnswer, ChargeOrder, ProviderCall } from '../../payments/index.ts'
import type { ChannelBench, Trouble } from './channel-bench.ts'
import {
  type ChannelCheck,
  CheckFailure,
  defineCheck,
  expectOutcome,
  takesAtOnce,
  type Words,
} from './check.ts'
import {
  AMOUNT,
  callFor,
  confirmedCharge,
  expectBooks,
  orderOver,
  paidOrder,
  pay,
  pause,
  placedOrder,
  refundOf,
  returned,
  tryToPay,
} from './steps.ts'

// Whatever goes wrong on the way, the channel says that it does not know, and the next try comes to the right end.

const TROUBLES: Record<Trouble, Words> = {
  refuse: { zh: '连不上', en: 'no connection' },
  drop: { zh: '请求未到', en: 'a request that never arrives' },
  lose_answer: { zh: '已办但答复丢失', en: 'an answer that is lost' },
  garble: { zh: '答复不可读', en: 'an answer that cannot be read' },
}

const VERBS: Record<
  Verb,
  { title: Words; run: (bench: ChannelBench, kind: Trouble) => Promise<void> }
> = {
  charge: { title: { zh: '下单时', en: 'at a charge' }, run: chargeInTrouble },
  query: { title: { zh: '查询时', en: 'at a query' }, run: queryInTrouble },
  release: { title: { zh: '撤销时', en: 'at a release' }, run: releaseInTrouble },
  refund: { title: { zh: '退款时', en: 'at a refund' }, run: refundInTrouble },
  refund_query: {
    title: { zh: '查退款时', en: 'at the query of a refund' },
    run: refundQueryInTrouble,
  },
}

type Verb = 'charge' | 'query' | 'release' | 'refund' | 'refund_query'

const needsOf = (verb: Verb) =>
  verb === 'release' ? (['trouble'] as const) : (['trouble', 'pay'] as const)

export const troubleChecks: readonly ChannelCheck[] = (Object.keys(VERBS) as Verb[]).flatMap(
  (verb) =>
    (Object.keys(TROUBLES) as Trouble[]).map((kind) => {
      const { title, run } = VERBS[verb]
      const words = {
        zh: `${title.zh}${TROUBLES[kind].zh}：说不知道，再试得到正确结果`,
        en: `${TROUBLES[kind].en} ${title.en} is unknown, and the next try comes to the right end`,
      }
      return defineCheck(`trouble.${verb}.${kind}`, words, needsOf(verb), (bench) =>
        run(bench, kind),
      )
    }),
)

async function chargeInTrouble(bench: ChannelBench, kind: Trouble): Promise<void> {
  const order = orderOver(bench)
  await expectUnknown(bench, kind, (call) => bench.channel.charge(call, order), order)
  const answer = await chargeAgain(bench, order)
  switch (answer.outcome) {
    case 'confirmed':
      break
    case 'pending':
      await pay(bench, order, answer.payerAction)
      break
    case 'declined':
      return expectNothingTaken(bench, order)
    case 'unknown':
      throw new CheckFailure('the charge tried again', 'an end', `unknown: ${answer.reason}`)
  }
  await confirmedCharge(bench, order)
  await expectBooks(bench, order, { takenFen: AMOUNT, returnedFen: 0 })
}

const MOST_TRIES = 3

/** First as the machine asks, without the payer's device; then as the payer does who comes back to the page. */
async function chargeAgain(bench: ChannelBench, order: ChargeOrder): Promise<ChargeAnswer> {
  let answer: ChargeAnswer = { outcome: 'unknown', reason: 'not asked yet' }
  for (let tries = 0; answer.outcome === 'unknown' && tries < MOST_TRIES; tries++) {
    answer = await bench.channel.charge(callFor(order), { ...order, presence: null })
    if (answer.outcome === 'unknown') await pause(bench)
  }
  const isWaiting = answer.outcome === 'pending' && answer.payerAction !== null
  if (takesAtOnce(bench) || order.presence === null || isWaiting) return answer
  if (answer.outcome === 'confirmed' || answer.outcome === 'declined') return answer
  return bench.channel.charge(callFor(order), order)
}

/** Without the payer's device a channel may give a charge up; then there is none, for good. */
async function expectNothingTaken(bench: ChannelBench, order: ChargeOrder): Promise<void> {
  if (order.presence === null) {
    throw new CheckFailure('the charge tried again', 'pending or confirmed', 'declined')
  }
  await expectBooks(bench, order, { takenFen: 0, returnedFen: 0 })
  const answer = await bench.channel.release(callFor(order), { ...order, presence: null })
  expectOutcome('the release of a charge that was given up', answer, ['released'])
  await expectBooks(bench, order, { takenFen: 0, returnedFen: 0 })
}

async function queryInTrouble(bench: ChannelBench, kind: Trouble): Promise<void> {
  const { order } = await paidOrder(bench)
  await expectUnknown(bench, kind, (call) => bench.channel.query(call, order), order)
  await confirmedCharge(bench, order)
  await expectBooks(bench, order, { takenFen: AMOUNT, returnedFen: 0 })
}

async function releaseInTrouble(bench: ChannelBench, kind: Trouble): Promise<void> {
  const { order, action } = takesAtOnce(bench)
    ? { order: { ...orderOver(bench), presence: null }, action: null }
    : await placedOrder(bench)
  await expectUnknown(bench, kind, (call) => bench.channel.release(call, order), order)
  const answer = await bench.channel.release(callFor(order), order)
  expectOutcome('the release tried again', answer, ['released'])
  await tryToPay(bench, order, action)
  await expectBooks(bench, order, { takenFen: 0, returnedFen: 0 })
}

async function refundInTrouble(bench: ChannelBench, kind: Trouble): Promise<void> {
  const paid = await paidOrder(bench)
  const refund = refundOf(bench, paid)
  await expectUnknown(bench, kind, (call) => bench.channel.refund(call, refund), paid.order)
  await returned(bench, refund)
  await expectBooks(bench, paid.order, { takenFen: AMOUNT, returnedFen: AMOUNT })
}

async function refundQueryInTrouble(bench: ChannelBench, kind: Trouble): Promise<void> {
  const paid = await paidOrder(bench)
  const refund = refundOf(bench, paid)
  const move = await returned(bench, refund)
  await expectUnknown(bench, kind, (call) => bench.channel.queryRefund(call, refund), paid.order)
  const again = await returned(bench, refund)
  if (again.providerNo !== move.providerNo) {
    throw new CheckFailure("the refund's number", move.providerNo, again.providerNo)
  }
  await expectBooks(bench, paid.order, { takenFen: AMOUNT, returnedFen: AMOUNT })
}

/**
 * The answer in trouble is 'unknown'. Any other but a refusal is allowed to a channel that asked once more by itself:
 * then what comes after shows whether it was true.
 */
async function expectUnknown(
  bench: ChannelBench,
  kind: Trouble,
  ask: (call: ProviderCall) => Promise<{ outcome: string }>,
  order: ChargeOrder,
): Promise<void> {
  const exchanges: Exchange[] = []
  bench.trouble?.(kind)
  const answer = await ask({
    hospitalId: order.hospitalId,
    trace: (exchange) => void exchanges.push(exchange),
  })
  if (answer.outcome === 'unknown') return
  const askedAgain = exchanges.length > 1
  if (askedAgain && answer.outcome !== 'declined' && answer.outcome !== 'absent') return
  throw new CheckFailure(`the answer after ${TROUBLES[kind].en}`, 'unknown', answer.outcome)
}
