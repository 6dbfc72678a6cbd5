import type { ChargeOrder, NoticeReading, RawNotice, RefundOrder } from '../../payments/index.ts'
import type { ChannelBench } from './channel-bench.ts'
import {
  type ChannelCheck,
  CheckFailure,
  defineCheck,
  expectSame,
  expectThat,
  NotApplicable,
} from './check.ts'
import { paidOrder, refundOf, returned } from './steps.ts'
import { withBytesFlipped, withoutSignature, withSignatureSpoilt } from './tamper.ts'

export const noticeChecks: readonly ChannelCheck[] = [
  defineCheck(
    'notice.charge',
    {
      zh: '收款通知可读，讲的是我方单号，重复投递同一键',
      en: 'the notice of a payment is read, is about our number, and the same at every delivery',
    },
    ['notices', 'pay'],
    async (bench) => {
      const { order } = await paidOrder(bench)
      const notices = await noticesOf(bench)
      const readings = notices.map((notice) => readTwice(bench, notice))
      const isTold = readings.some(
        ({ about }) => about.kind === 'charge' && about.tradeNo === order.tradeNo,
      )
      expectThat(isTold, 'a notice about the charge', order.tradeNo, readings.map(subjectOf))
      for (const reading of readings) {
        expectSame('what the notice is about', subjectOf(reading), order.tradeNo)
        expectNoAccount(order, reading.summary)
      }
    },
  ),
  defineCheck(
    'notice.refund',
    {
      zh: '退款后的通知讲的是该退款或其收款单',
      en: 'notices after a refund are about it or about its charge',
    },
    ['notices', 'pay'],
    async (bench) => {
      const paid = await paidOrder(bench)
      const before = (await noticesOf(bench)).length
      const refund = refundOf(bench, paid)
      await returned(bench, refund)
      const later = (await noticesOf(bench)).slice(before)
      if (later.length === 0) {
        throw new NotApplicable({
          zh: '该渠道不为退款发通知',
          en: 'this channel sends no notice of a refund',
        })
      }
      for (const notice of later) expectAbout(readTwice(bench, notice), refund)
    },
  ),
  defineCheck(
    'notice.altered_body',
    { zh: '通知正文改动一字节即被拒', en: 'a notice with one byte changed in its body is refused' },
    ['notices', 'pay'],
    (bench) => expectRefused(bench, 'a notice with a byte changed', withBytesFlipped),
  ),
  defineCheck(
    'notice.altered_signature',
    {
      zh: '通知签名改动一字节即被拒',
      en: 'a notice with one byte changed in its signature is refused',
    },
    ['notices', 'pay'],
    (bench) => expectRefused(bench, 'a notice with its signature changed', withSignatureSpoilt),
  ),
  defineCheck(
    'notice.unsigned',
    { zh: '没有签名的通知被拒', en: 'a notice without its signature is refused' },
    ['notices', 'pay'],
    (bench) => expectRefused(bench, 'a notice without signature', withoutSignature),
  ),
  defineCheck(
    'notice.nonsense',
    {
      zh: '不成样子的通知被拒而不出错',
      en: 'a notice that is nonsense is refused, without a fall',
    },
    ['provider'],
    (bench) => {
      const { hospitalId } = bench.newOrder()
      for (const text of ['', '{', '<xml>', '\u0000\u00ff', 'null', '[]', 'a=b&a=b', '"x"']) {
        const reading = bench.channel.readNotice({
          hospitalId,
          headers: {},
          body: Buffer.from(text, 'latin1'),
        })
        expectSame('nonsense as a notice', reading.outcome, 'refused')
      }
      return Promise.resolve()
    },
  ),
  defineCheck(
    'notice.foreign',
    { zh: '别家商户的通知被拒', en: "another merchant's notice is refused" },
    ['foreignNotices'],
    async (bench) => {
      const notices = (await bench.foreignNotices?.()) ?? []
      expectThat(notices.length > 0, 'notices of another merchant', 'at least one', 'none')
      for (const notice of notices) {
        const reading = bench.channel.readNotice(notice)
        expectSame("another merchant's notice", reading.outcome, 'refused')
      }
    },
  ),
]

async function noticesOf(bench: ChannelBench): Promise<readonly RawNotice[]> {
  const notices = (await bench.notices?.()) ?? []
  expectThat(notices.length > 0, 'the notices of a payment', 'at least one', 'none')
  return notices
}

type Reading = Extract<NoticeReading, { outcome: 'read' }>

function readTwice({ channel }: ChannelBench, notice: RawNotice): Reading {
  const [first, second] = [channel.readNotice(notice), channel.readNotice(notice)]
  if (first.outcome === 'refused') throw new CheckFailure('a notice', 'read', first.code)
  if (second.outcome === 'refused') throw new CheckFailure('its repeat', 'read', second.code)
  expectThat(first.dedupeKey !== '', 'the key of a notice', 'a text', 'none')
  expectSame('the key of a notice delivered again', second.dedupeKey, first.dedupeKey)
  return first
}

function subjectOf({ about }: Reading): string {
  switch (about.kind) {
    case 'charge':
      return about.tradeNo
    case 'refund':
      return `refund ${about.refundNo}`
    case 'agreement':
      return `agreement ${about.signNo}`
  }
}

function expectAbout(reading: Reading, refund: RefundOrder): void {
  const subjects = [refund.charge.tradeNo, `refund ${refund.refundNo}`]
  const subject = subjectOf(reading)
  expectThat(subjects.includes(subject), 'what the notice is about', subjects.join(' or '), subject)
  expectNoAccount(refund.charge, reading.summary)
}

function expectNoAccount({ payerAccount }: ChargeOrder, summary: string): void {
  const isNamed = payerAccount !== null && payerAccount !== '' && summary.includes(payerAccount)
  expectThat(!isNamed, "the payer's account in a notice's summary", 'masked', 'in clear')
}

/** Of each genuine notice all its spoilt copies are refused, while it is read itself. */
async function expectRefused(
  bench: ChannelBench,
  what: string,
  spoil: (notice: RawNotice) => readonly RawNotice[],
): Promise<void> {
  await paidOrder(bench)
  const notices = await noticesOf(bench)
  const spoilt = notices.flatMap(spoil)
  if (spoilt.length === 0) {
    throw new NotApplicable({
      zh: '通知里找不到签名',
      en: 'no signature was found in the notice',
    })
  }
  for (const notice of notices) readTwice(bench, notice)
  for (const notice of spoilt) {
    expectSame(what, bench.channel.readNotice(notice).outcome, 'refused')
  }
}
