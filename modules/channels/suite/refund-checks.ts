import { addFen, fen, subtractFen } from '../../../kernel/money.ts'
import type { ChannelBench } from './channel-bench.ts'
import { type ChannelCheck, defineCheck, expectOutcome, expectSame } from './check.ts'
import {
  AMOUNT,
  callFor,
  endOfRefund,
  expectBooks,
  orderOver,
  paidOrder,
  pause,
  refundOf,
  returned,
} from './steps.ts'

const FIRST_PART = fen(2_345)
const SECOND_PART = fen(4_001)

export const refundChecks: readonly ChannelCheck[] = [
  defineCheck('refund.full', { zh: '全额退款', en: 'a refund of all' }, ['pay'], async (bench) => {
    const paid = await paidOrder(bench)
    await returned(bench, refundOf(bench, paid))
    await expectBooks(bench, paid.order, { takenFen: AMOUNT, returnedFen: AMOUNT })
  }),
  defineCheck(
    'refund.partial',
    { zh: '部分退款两次', en: 'two refunds of parts' },
    ['pay'],
    async (bench) => {
      const paid = await paidOrder(bench)
      const first = await returned(bench, refundOf(bench, paid, FIRST_PART))
      await pause(bench)
      const second = await returned(bench, refundOf(bench, paid, SECOND_PART))
      const isOther = first.providerNo !== second.providerNo || first.ourNo !== second.ourNo
      expectSame('the two refunds are told apart', isOther, true)
      const returnedFen = addFen(FIRST_PART, SECOND_PART)
      await expectBooks(bench, paid.order, { takenFen: AMOUNT, returnedFen })
    },
  ),
  defineCheck(
    'refund.to_the_fen',
    { zh: '剩余部分可退到分', en: 'what is left after a part goes back to the last fen' },
    ['pay'],
    async (bench) => {
      const paid = await paidOrder(bench)
      const rest = subtractFen(AMOUNT, fen(1))
      await returned(bench, refundOf(bench, paid, rest))
      await pause(bench)
      await returned(bench, refundOf(bench, paid, fen(1)))
      await expectBooks(bench, paid.order, { takenFen: AMOUNT, returnedFen: AMOUNT })
    },
  ),
  defineCheck(
    'refund.beyond',
    {
      zh: '退款超过剩余金额被拒绝，钱不动',
      en: 'a refund of more than is left is declined, and nothing moves',
    },
    ['pay'],
    async (bench) => {
      const paid = await paidOrder(bench)
      await returned(bench, refundOf(bench, paid, FIRST_PART))
      await pause(bench)
      const tooMuch = refundOf(bench, paid, subtractFen(AMOUNT, fen(2_344)))
      const answer = await endOfRefund(bench, tooMuch)
      expectOutcome('a refund of one fen more than is left', answer, ['declined'])
      await expectBooks(bench, paid.order, { takenFen: AMOUNT, returnedFen: FIRST_PART })
    },
  ),
  defineCheck(
    'refund.twice',
    { zh: '同一退款单号只退一次', en: 'the same refund number gives back once' },
    ['pay'],
    refundTwice,
  ),
  defineCheck(
    'refund.query',
    {
      zh: '退款查询：未申请为不存在，申请后与退款一致',
      en: 'the query of a refund: absent before it, and of the same money after it',
    },
    ['pay'],
    queryOfRefund,
  ),
  ...[fen(1), fen(99_999_999)].map((amountFen) =>
    defineCheck(
      `refund.amount_${amountFen}`,
      { zh: `退款 ${amountFen} 分准确`, en: `a refund of ${amountFen} fen is kept to the fen` },
      ['pay'],
      async (bench) => {
        const paid = await paidOrder(bench, orderOver(bench, amountFen))
        await returned(bench, refundOf(bench, paid))
        await expectBooks(bench, paid.order, { takenFen: amountFen, returnedFen: amountFen })
      },
    ),
  ),
]

async function refundTwice(bench: ChannelBench): Promise<void> {
  const paid = await paidOrder(bench)
  const refund = refundOf(bench, paid, FIRST_PART)
  const first = await returned(bench, refund)
  await pause(bench)
  const second = await returned(bench, refund)
  expectSame("the provider's number of the refund", second.providerNo, first.providerNo)
  await expectBooks(bench, paid.order, { takenFen: AMOUNT, returnedFen: FIRST_PART })
}

async function queryOfRefund(bench: ChannelBench): Promise<void> {
  const { channel } = bench
  const paid = await paidOrder(bench)
  const refund = refundOf(bench, paid, SECOND_PART)
  const call = callFor(paid.order)
  if (bench.method !== 'counter') {
    const before = await channel.queryRefund(call, refund)
    expectOutcome('the query of a refund never asked for', before, ['absent'])
  }
  const asked = await channel.refund(call, refund)
  expectOutcome('a refund', asked, ['confirmed', 'pending'])
  const meanwhile = await channel.queryRefund(call, refund)
  expectOutcome('the query of a refund', meanwhile, ['confirmed', 'pending'])
  const move = await returned(bench, refund, asked)
  const told = expectOutcome(
    'the query of a refund that arrived',
    await channel.queryRefund(call, refund),
    ['confirmed'],
  )
  expectSame('the moves by the query', told.moves, [move])
}
