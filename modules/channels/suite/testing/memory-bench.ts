import { createNewId, type HospitalId } from '../../../../kernel/id.ts'
import { fen } from '../../../../kernel/money.ts'
import { seededRandom } from '../../../../kernel/random.ts'
import { addDays, addMs, businessDateOf, instantAt, MINUTE_MS } from '../../../../kernel/time.ts'
import { tradeNoOf } from '../../../../kernel/trade-no.ts'
import type { ChargeOrder, PayerAction, PayMethod } from '../../../payments/index.ts'
import type { ChannelBench } from '../channel-bench.ts'
import { createMemoryChannel, type MemoryChannel, MERCHANT } from './memory-channel.ts'
import { KEY, MemoryProvider } from './memory-provider.ts'

export const OPENID = 'payer-account-0001'
const BARCODE = '130000000000000001'

export type MemoryBench = Omit<ChannelBench, 'channel'> & {
  channel: MemoryChannel
  provider: MemoryProvider
}

/** What is changed about the good bench: one thing that a bad channel or provider does. */
export type Defect = (bench: MemoryBench) => void

export async function openMemoryBench(
  method: PayMethod = 'account',
  defect: Defect = () => {},
): Promise<ChannelBench> {
  const bench = memoryBench(method)
  defect(bench)
  return Promise.resolve(bench)
}

function memoryBench(method: PayMethod): MemoryBench {
  let now = new Date('2026-11-21T09:30:00+08:00')
  const clock = { now: () => now }
  const provider = new MemoryProvider(clock, MERCHANT)
  const channel = createMemoryChannel(provider, clock, method)
  const hospitalId = 1 as HospitalId
  const atOnce = ['barcode', 'card', 'counter'].includes(method)
  const noticesOf = (source: MemoryProvider) =>
    source.notices.map((notice) => ({ ...notice, hospitalId }))
  return {
    channel,
    provider,
    method,
    clock,
    newOrder: orderMaker(clock, method, hospitalId),
    pay: atOnce ? null : (_order, action) => Promise.resolve(provider.pay(providerNoOf(action))),
    notices: () => Promise.resolve(noticesOf(provider)),
    trouble: method === 'counter' ? null : (kind) => provider.setTrouble(kind),
    endDay() {
      now = instantAt(addDays(businessDateOf(now), 1), '10:00:00')
      return Promise.resolve()
    },
    books: (order) => Promise.resolve(booksOf(provider, order)),
    close: () => Promise.resolve(),
    pass(ms) {
      now = addMs(now, ms)
      return Promise.resolve()
    },
    foreignNotices() {
      const other = new MemoryProvider(clock, 'm-2')
      other.send('charge', 'T1')
      return Promise.resolve(noticesOf(other))
    },
    secrets: [KEY],
  }
}

function orderMaker(clock: { now(): Date }, method: PayMethod, hospitalId: HospitalId) {
  const newId = createNewId(clock, seededRandom('memory bench'))
  return (changes: Partial<ChargeOrder> = {}): ChargeOrder => {
    const tenderId = newId<'Tender'>()
    return {
      hospitalId,
      paymentId: newId<'Payment'>(),
      tenderId,
      tradeNo: tradeNoOf(hospitalId, tenderId),
      amountFen: fen(5_000),
      parts: [{ kind: 'self_pay', amountFen: fen(5_000) }],
      quoteReference: null,
      description: '门诊费用',
      payerAccount: method === 'account' ? OPENID : null,
      method,
      presence:
        method === 'barcode' || method === 'card'
          ? { token: BARCODE, ip: null, returnUrl: null }
          : null,
      createdAt: clock.now(),
      expiresAt: addMs(clock.now(), 15 * MINUTE_MS),
      ...changes,
    }
  }
}

function providerNoOf(action: PayerAction | null): string {
  switch (action?.kind) {
    case 'qr_code':
      return action.content
    case 'page':
      return new URL(action.url).searchParams.get('no') ?? ''
    case 'wechat_jsapi':
    case 'app':
      return action.params['no'] ?? ''
    default:
      return ''
  }
}

/** Counted from all charges under the number, as a bad provider may have several. */
function booksOf(provider: MemoryProvider, { tradeNo }: ChargeOrder) {
  const taken = provider.charges.filter((c) => c.tradeNo === tradeNo && c.state === 'paid')
  return {
    takenFen: taken.reduce((sum, charge) => sum + charge.amountFen, 0),
    returnedFen: provider.returnedOf(tradeNo),
  }
}
