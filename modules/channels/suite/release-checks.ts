import { type ChannelCheck, defineCheck, expectOutcome, expectSame } from './check.ts'
import {
  AMOUNT,
  callFor,
  expectBooks,
  expectChargeMove,
  orderOver,
  paidOrder,
  placedOrder,
  tryToPay,
} from './steps.ts'

export const releaseChecks: readonly ChannelCheck[] = [
  defineCheck(
    'release.unpaid',
    {
      zh: '撤销未付的单后不能再付，再撤销仍为已撤销',
      en: 'an unpaid charge is released, cannot be paid any more, and may be released again',
    },
    ['payer_acts'],
    async (bench) => {
      const { order, action } = await placedOrder(bench)
      const { channel } = bench
      expectOutcome('a release', await channel.release(callFor(order), order), ['released'])
      await tryToPay(bench, order, action)
      await expectBooks(bench, order, { takenFen: 0, returnedFen: 0 })
      const after = await channel.query(callFor(order), order)
      expectOutcome('the query of a released charge', after, ['absent', 'declined', 'pending'])
      const second = await channel.release(callFor(order), order)
      expectOutcome('a second release', second, ['released'])
    },
  ),
  defineCheck(
    'release.unknown',
    { zh: '撤销未知的单为已撤销', en: 'the release of a charge that never was is released' },
    [],
    async (bench) => {
      const order = { ...orderOver(bench), presence: null }
      const answer = await bench.channel.release(callFor(order), order)
      expectOutcome('the release of a number never used', answer, ['released'])
      await expectBooks(bench, order, { takenFen: 0, returnedFen: 0 })
    },
  ),
  defineCheck(
    'release.paid',
    {
      zh: '撤销已付的单得到收款事实，钱不动',
      en: 'the release of a paid charge tells of the money, and moves none',
    },
    ['pay'],
    async (bench) => {
      const { order, move } = await paidOrder(bench)
      const again = { ...order, presence: null }
      const answer = await bench.channel.release(callFor(order), again)
      const told = expectOutcome('the release of a paid charge', answer, ['confirmed'])
      expectChargeMove(bench, order, told.move)
      expectSame("the provider's number", told.move.providerNo, move.providerNo)
      await expectBooks(bench, order, { takenFen: AMOUNT, returnedFen: 0 })
    },
  ),
]
