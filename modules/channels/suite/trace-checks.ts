import { businessDateOf } from '../../../kernel/time.ts'
import type { Exchange } from '../../../platform/exchange.ts'
import type { ChargeOrder, ProviderCall } from '../../payments/index.ts'
import type { ChannelBench } from './channel-bench.ts'
import { type ChannelCheck, defineCheck, expectThat, takesAtOnce } from './check.ts'
import { confirmedCharge, orderOver, paidOrder, refundOf } from './steps.ts'

export const traceChecks: readonly ChannelCheck[] = [
  defineCheck(
    'trace.every_call',
    {
      zh: '每次对外通话都留痕，写明系统、操作与结果',
      en: 'every call leaves an exchange with its system, operation and outcome',
    },
    ['provider', 'pay'],
    async (bench) => {
      for (const { verb, exchanges } of await callsOf(bench)) {
        expectThat(exchanges.length > 0, `the exchanges of ${verb}`, 'at least one', 'none')
        for (const exchange of exchanges) expectWhole(verb, exchange)
      }
    },
  ),
  defineCheck(
    'trace.no_secrets',
    {
      zh: '留痕中没有密钥、令牌、账号、卡号明文',
      en: 'no exchange shows a key, a token, an account or a card number in clear',
    },
    ['provider', 'pay'],
    async (bench) => {
      const calls = await callsOf(bench)
      for (const { verb, exchanges, order } of calls) {
        for (const exchange of exchanges) expectNoSecret(bench, verb, order, exchange)
      }
    },
  ),
]

type Said = { verb: string; order: ChargeOrder; exchanges: Exchange[] }

/** One of every verb, with what was said in it. */
async function callsOf(bench: ChannelBench): Promise<Said[]> {
  const { channel } = bench
  const said: Said[] = []
  const listen = (verb: string, order: ChargeOrder): ProviderCall => {
    const exchanges: Exchange[] = []
    said.push({ verb, order, exchanges })
    return { hospitalId: order.hospitalId, trace: (exchange) => void exchanges.push(exchange) }
  }
  const unpaid = orderOver(bench)
  if (!takesAtOnce(bench)) {
    await channel.charge(listen('charge', unpaid), unpaid)
    await channel.query(listen('query', unpaid), unpaid)
  }
  const gone = { ...unpaid, presence: null }
  await channel.release(listen('release', gone), gone)

  const order = orderOver(bench)
  if (takesAtOnce(bench)) await channel.charge(listen('charge', order), order)
  else await paidOrder(bench, order)
  const move = await confirmedCharge(bench, order)
  await channel.query(listen('query of a paid charge', order), { ...order, presence: null })
  const refund = refundOf(bench, { order, action: null, move })
  await channel.refund(listen('refund', order), refund)
  await channel.queryRefund(listen('query of a refund', order), refund)
  if (bench.endDay !== null) await statementSaid(bench, order, listen)
  return said
}

async function statementSaid(
  bench: ChannelBench,
  order: ChargeOrder,
  listen: (verb: string, order: ChargeOrder) => ProviderCall,
): Promise<void> {
  const businessDate = businessDateOf(bench.clock.now())
  await bench.endDay?.()
  const { hospitalId } = order
  await bench.channel.statement(listen('statement', order), {
    hospitalId,
    businessDate,
    ownMoves: [],
  })
}

function expectWhole(verb: string, exchange: Exchange): void {
  const { system, operation, outcome, startedAt, durationMs } = exchange
  const isWhole =
    [system, operation, outcome].every((text) => text.trim() !== '') &&
    !Number.isNaN(startedAt.getTime()) &&
    durationMs >= 0
  const found = { system, operation, outcome, durationMs }
  expectThat(isWhole, `an exchange of ${verb}`, 'system, operation, outcome and time', found)
}

const KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/
const SHORTEST_SECRET = 4

function expectNoSecret(
  bench: ChannelBench,
  verb: string,
  order: ChargeOrder,
  { operation, request, response }: Exchange,
): void {
  const known = [order.payerAccount, order.presence?.token, ...(bench.secrets ?? [])]
  const secrets = known.filter((text) => typeof text === 'string' && text.length >= SHORTEST_SECRET)
  const text = [operation, request, response].join('\n')
  const isShown = KEY.test(text) || secrets.some((secret) => text.includes(String(secret)))
  // The secret itself must not stand in the failure, either.
  expectThat(!isShown, `a secret in the exchange of ${verb}`, 'masked', 'in clear')
}
