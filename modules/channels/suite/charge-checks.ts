import { fen } from '../../../kernel/money.ts'
import type { PayerAction, PayMethod } from '../../payments/index.ts'
import type { ChannelBench } from './channel-bench.ts'
import {
  type ChannelCheck,
  defineCheck,
  expectOutcome,
  expectSame,
  expectThat,
  takesAtOnce,
} from './check.ts'
import {
  AMOUNT,
  callFor,
  confirmedCharge,
  expectBooks,
  orderOver,
  paidOrder,
  pay,
  placedOrder,
  tryToPay,
} from './steps.ts'

const SMALLEST = fen(1)
const LARGEST = fen(99_999_999)

const TWENTY_CHARACTERS = '门诊费用🏥含药品💊检查、化验与治疗处置。'

const DESCRIPTIONS = [
  {
    id: 'chinese',
    title: { zh: '说明含中文与表情', en: 'a description with Chinese and emoji' },
    description: '门诊缴费 😀 张三丰医院 & <第一> "号"',
  },
  {
    id: 'long',
    title: { zh: '说明长 200 字', en: 'a description of 200 characters' },
    description: TWENTY_CHARACTERS.repeat(10),
  },
]

export const chargeChecks: readonly ChannelCheck[] = [
  defineCheck(
    'channel.face',
    { zh: '渠道说明自身与支付方式', en: 'the channel says what it is and how a payer may pay' },
    [],
    async ({ channel, method }) => {
      expectSame('the phase of a channel', channel.phase, 'payer')
      expectThat(/^[a-z][a-z0-9_]*$/.test(channel.name), 'the name', 'a-z, 0-9, _', channel.name)
      expectThat(channel.methods.includes(method), 'the methods', method, channel.methods)
      const times = channel.methods.length - new Set(channel.methods).size
      expectSame('methods that stand twice', times, 0)
      const { status } = channel.noticeReply
      expectThat(status === 200 || status === 204, 'the reply to a notice', '200 or 204', status)
    },
  ),
  defineCheck(
    'charge.answer',
    {
      zh: '下单得到付款人所需，或当场收款',
      en: 'a charge gives what the payer needs, or takes the money at once',
    },
    [],
    async (bench) => {
      const order = orderOver(bench)
      const answer = await bench.channel.charge(callFor(order), order)
      const given = expectOutcome('a charge', answer, ['pending', 'confirmed'])
      if (takesAtOnce(bench)) return
      const { payerAction } = expectOutcome('a charge', given, ['pending'])
      expectFitAction(bench.method, payerAction)
      await expectBooks(bench, order, { takenFen: 0, returnedFen: 0 })
    },
  ),
  defineCheck(
    'query.pending',
    { zh: '付款前查询为待付', en: 'before the payer pays, the query says pending' },
    ['payer_acts'],
    async (bench) => {
      const { order } = await placedOrder(bench)
      const answer = await bench.channel.query(callFor(order), order)
      const allowed = bench.isUnseenBeforePaying
        ? (['pending', 'absent'] as const)
        : (['pending'] as const)
      expectOutcome('the query of an unpaid charge', answer, allowed)
    },
  ),
  defineCheck(
    'query.absent',
    { zh: '查询未知单号为不存在', en: 'the query of an unknown number says absent' },
    ['provider'],
    async (bench) => {
      const order = { ...orderOver(bench), presence: null }
      const answer = await bench.channel.query(callFor(order), order)
      expectOutcome('the query of a number never used', answer, ['absent'])
    },
  ),
  defineCheck(
    'query.confirmed',
    {
      zh: '付款后查询为已付，金额、单号、时间准确',
      en: 'once paid, the query says so, with amount, numbers and moment exact',
    },
    ['pay'],
    async (bench) => {
      const { order, move } = await paidOrder(bench)
      const again = await confirmedCharge(bench, { ...order, presence: null })
      expectSame('the number when asked again', again.providerNo, move.providerNo)
      expectSame('the moment when asked again', again.at, move.at)
      await expectBooks(bench, order, { takenFen: AMOUNT, returnedFen: 0 })
    },
  ),
  defineCheck(
    'charge.twice',
    { zh: '同一单下两次只收一次', en: 'the same charge twice takes the money once' },
    ['pay'],
    chargeTwice,
  ),
  defineCheck(
    'charge.after_payment',
    {
      zh: '已付的单再次下单不再收款',
      en: 'a paid charge that is asked for again is not taken again',
    },
    ['pay'],
    async (bench) => {
      const { order, move } = await paidOrder(bench)
      const answer = await bench.channel.charge(callFor(order), { ...order, presence: null })
      const told = expectOutcome('a charge already paid', answer, ['confirmed', 'pending'])
      if (told.outcome === 'pending') await tryToPay(bench, order, told.payerAction)
      const after = await confirmedCharge(bench, order)
      expectSame("the provider's number", after.providerNo, move.providerNo)
      await expectBooks(bench, order, { takenFen: AMOUNT, returnedFen: 0 })
    },
  ),
  ...[SMALLEST, LARGEST].map((amountFen) =>
    defineCheck(
      `charge.amount_${amountFen}`,
      { zh: `金额 ${amountFen} 分准确`, en: `an amount of ${amountFen} fen is kept to the fen` },
      ['pay'],
      async (bench) => {
        const { order } = await paidOrder(bench, orderOver(bench, amountFen))
        await expectBooks(bench, order, { takenFen: amountFen, returnedFen: 0 })
      },
    ),
  ),
  ...DESCRIPTIONS.map(({ id, title, description }) =>
    defineCheck(`charge.description_${id}`, title, ['pay'], async (bench) => {
      const { order } = await paidOrder(bench, orderOver(bench, AMOUNT, { description }))
      await expectBooks(bench, order, { takenFen: AMOUNT, returnedFen: 0 })
    }),
  ),
]

/** Both times the payer may pay; only once can it work. */
async function chargeTwice(bench: ChannelBench): Promise<void> {
  const order = orderOver(bench)
  const answers = [
    await bench.channel.charge(callFor(order), order),
    await bench.channel.charge(callFor(order), order),
  ].map((answer) => expectOutcome('the same charge again', answer, ['pending', 'confirmed']))
  const numbers = new Set<string>()
  for (const answer of answers) {
    if (answer.outcome === 'confirmed') numbers.add(answer.move.providerNo)
    else if (numbers.size === 0)
      numbers.add((await pay(bench, order, answer.payerAction)).providerNo)
    else await tryToPay(bench, order, answer.payerAction)
  }
  numbers.add((await confirmedCharge(bench, order)).providerNo)
  expectSame('how many charges the provider knows', numbers.size, 1)
  await expectBooks(bench, order, { takenFen: AMOUNT, returnedFen: 0 })
}

const ACTIONS_OF: Record<PayMethod, readonly PayerAction['kind'][]> = {
  account: ['wechat_jsapi', 'alipay_trade', 'page', 'form'],
  qr_code: ['qr_code'],
  page: ['page', 'form'],
  app: ['app'],
  barcode: [],
  card: [],
  counter: [],
  agreement: [],
}

/** The payer's device can do something with it. */
function expectFitAction(method: PayMethod, action: PayerAction | null): void {
  const kinds = ACTIONS_OF[method]
  expectThat(
    action !== null && kinds.includes(action.kind),
    'what the payer is given',
    kinds.join(' or '),
    action?.kind ?? 'nothing',
  )
  if (action === null) return
  const texts = textsOf(action)
  expectThat(texts.length > 0 && texts.every((text) => text !== ''), 'it', 'filled', action.kind)
  if (action.kind === 'page' || action.kind === 'form') {
    const isAddress = URL.canParse(action.url) && /^https?:/.test(action.url)
    expectThat(isAddress, 'where the payer is led', 'an address with http or https', 'another text')
  }
}

function textsOf(action: PayerAction): string[] {
  switch (action.kind) {
    case 'wechat_jsapi':
    case 'app':
      return Object.values(action.params)
    case 'alipay_trade':
      return [action.tradeNo]
    case 'qr_code':
      return [action.content]
    case 'page':
    case 'form':
      return [action.url]
  }
}
