import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { ProviderCall } from '../../../modules/payments/index.ts'
import { type Limits, type Received, sendOnce } from '../../../platform/outgoing/send.ts'
import type { WireRequest } from './transport.ts'

export type ClientDeps = { clock: Clock; random: Random; timeoutMs: number }

/** One question to WeChat, whatever the version of its API. */
export type Question = {
  operation: string // 'GET /v3/pay/transactions/out-trade-no/{out_trade_no}'
  /** What the trace shows of it: nothing secret, nobody's account. */
  shown: string
  /** Made anew for each host, as a signature is of one moment and a nonce of one request. */
  wire(at: Date): WireRequest
}

/** The answer, and the words about it for the trace. */
export type Judged<T> = { answer: T; text: string }

export type Ask = <T extends { outcome: string }>(
  call: ProviderCall,
  question: Question,
  limits: Limits,
  read: (received: Received) => Judged<T>,
) => Promise<T>

/** Asks and tells the trace; at the backup host as well when it is certain that the first was not reached. */
export function createExchange(
  { baseUrl, backupUrl }: { baseUrl: string; backupUrl: string | null },
  { clock }: { clock: Clock },
): Ask {
  const others = backupUrl === null ? [] : [backupUrl]
  return async (call, question, limits, read) => {
    let { answer, nothingSent } = await exchangeAt(baseUrl, call, question, limits, read)
    for (const other of others) {
      if (!nothingSent) break
      ;({ answer, nothingSent } = await exchangeAt(other, call, question, limits, read))
    }
    return answer
  }

  async function exchangeAt<T extends { outcome: string }>(
    origin: string,
    call: ProviderCall,
    question: Question,
    limits: Limits,
    read: (received: Received) => Judged<T>,
  ): Promise<{ answer: T; nothingSent: boolean }> {
    const startedAt = clock.now()
    const { path, ...request } = question.wire(startedAt)
    const received = await sendOnce(origin + path, request, limits)
    const { answer, text } = read(received)
    call.trace({
      system: 'wechat',
      operation: question.operation,
      direction: 'out',
      request: question.shown,
      response: text,
      outcome: answer.outcome,
      startedAt,
      durationMs: clock.now().getTime() - startedAt.getTime(),
    })
    return { answer, nothingSent: received.kind === 'failed' && received.nothingSent }
  }
}

export const judged = <T>(answer: T, text: string): Judged<T> => ({ answer, text })

export type Unknown = { outcome: 'unknown'; reason: string }

export const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason })
