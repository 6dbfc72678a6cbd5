import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'

import { zipOf } from '../../apps/simulators/alipay/zip.ts'
import { fen } from '../../kernel/money.ts'
import { businessDateOf, toShanghaiIso } from '../../kernel/time.ts'
import type { ChannelBench } from '../../modules/channels/suite/channel-bench.ts'
import {
  callFor,
  endOfRefund,
  orderOver,
  paidOrder,
  refundOf,
} from '../../modules/channels/suite/steps.ts'
import type { Move, StatementAnswer } from '../../modules/payments/index.ts'
import { layoutOf, readBytes } from '../../modules/statements/testing/reading.ts'
import { openAlipayBench } from '../channels/alipay-bench.ts'
import { bankChannelBench } from '../channels/iso8583-bench.ts'
import { openUnionPayBench } from '../channels/unionpay-bench.ts'
import { openWechatBench } from '../channels/wechatpay-bench.ts'

// The adapters and the layouts read the same lists of the same simulators: they must see the same rows.

type Lines = Extract<StatementAnswer, { outcome: 'lines' }>

/** A day with two payments, one of them given back in part, and its list as the adapter read it. */
async function listOfADay(bench: ChannelBench): Promise<{ lines: Lines; date: string }> {
  const businessDate = businessDateOf(bench.clock.now())
  const ownMoves: Move[] = []
  for (const amountFen of [fen(12_345), fen(1)]) {
    const paid = await paidOrder(bench, orderOver(bench, amountFen))
    ownMoves.push(paid.move)
    if (amountFen === 1) continue
    const ended = await endOfRefund(bench, refundOf(bench, paid, fen(1_000)))
    if (ended.outcome !== 'confirmed') throw new Error(JSON.stringify(ended))
    ownMoves.push(...ended.moves)
  }
  await bench.endDay?.()
  const order = bench.newOrder()
  const request = { hospitalId: order.hospitalId, businessDate, ownMoves }
  const answer = await bench.channel.statement(callFor(order), request)
  if (answer.outcome !== 'lines') throw new Error(JSON.stringify(answer))
  expect(answer.lines).toHaveLength(3)
  return { lines: answer, date: businessDate }
}

const toldBy = ({ lines }: Lines) =>
  lines
    .map(({ kind, ourNo, providerNo, amountFen, at }) =>
      [kind, ourNo, providerNo, amountFen, at ? toShanghaiIso(at) : ''].join(' '),
    )
    .toSorted()

const toldByRows = (rows: readonly string[]) =>
  rows
    .map((row) => {
      const [, kind, ourNo, providerNo, amountFen, , at] = row.split(',')
      return [kind, ourNo, providerNo, amountFen, at].join(' ')
    })
    .toSorted()

describe('[B2] a layout and an adapter see the same rows in', () => {
  it('a trade bill of WeChat', async () => {
    const bench = await openWechatBench('account')
    try {
      const { lines, date } = await listOfADay(bench)
      const read = await readBytes(layoutOf('wechat-trade'), Buffer.from(lines.content), { date })
      expect(read.result).toMatchObject({ outcome: 'taken', totals: { feeFen: lines.feeFen } })
      expect(toldByRows(read.rows)).toEqual(toldBy(lines))
    } finally {
      await bench.close()
    }
  })

  it('a business bill of Alipay, unpacked and in its archive', async () => {
    const bench = await openAlipayBench('qr_code')
    try {
      const { lines, date } = await listOfADay(bench)
      const content = iconv.encode(lines.content, 'gbk')
      const name = (text: string) => iconv.encode(`20880211_${date}_${text}.csv`, 'gbk')
      const archive = zipOf([
        { name: name('业务明细'), content },
        { name: name('业务明细(汇总)'), content: iconv.encode('#支付宝业务汇总查询', 'gbk') },
      ])
      for (const bytes of [Buffer.from(lines.content), content, archive]) {
        const read = await readBytes(layoutOf('alipay-trade'), bytes, { date })
        expect(read.result).toMatchObject({ outcome: 'taken', totals: { feeFen: lines.feeFen } })
        expect(toldByRows(read.rows)).toEqual(toldBy(lines))
      }
    } finally {
      await bench.close()
    }
  })

  it('a ZM file of UnionPay', async () => {
    const bench = await openUnionPayBench('qr_code')
    try {
      const { lines, date } = await listOfADay(bench)
      // What the adapter keeps has each member's name before it.
      const list = lines.content.replaceAll(/^INN.*\r?\n/gm, '')
      const bytes = iconv.encode(list, 'gbk')
      const read = await readBytes(layoutOf('unionpay-zm'), bytes, { date })
      expect(read.result).toMatchObject({ outcome: 'taken', totals: { feeFen: lines.feeFen } })
      expect(toldByRows(read.rows)).toEqual(toldBy(lines))
    } finally {
      await bench.close()
    }
  })

  it('a batch list of a bank’s terminals', async () => {
    const bench = await bankChannelBench({ hasTrouble: false })
    try {
      const { lines, date } = await listOfADay(bench)
      const read = await readBytes(layoutOf('pos-batch'), Buffer.from(lines.content), { date })
      expect(read.result).toMatchObject({ outcome: 'taken', totals: { feeFen: lines.feeFen } })
      // Our number is what the adapter remembers of a trace number; the list has the trace number alone.
      const withoutOurNo = (told: string[]) =>
        told.map((text) => text.replace(/^(\S+) \S+/, '$1')).toSorted()
      expect(withoutOurNo(toldByRows(read.rows))).toEqual(withoutOurNo(toldBy(lines)))
    } finally {
      await bench.close()
    }
  })
})
