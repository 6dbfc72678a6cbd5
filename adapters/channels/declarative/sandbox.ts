import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { type Dispatcher, request } from 'undici'

import type { Clock } from '../../../kernel/time.ts'

/** What moves a sandbox by hand, where it offers that: docs/interface/specimen-wallet.md, C. */
export type SandboxHands = {
  /** The sandbox's own time, as last heard of. */
  clock: Clock
  pay(orderNo: string): Promise<void>
  books(orderNo: string): Promise<{ takenFen: number; returnedFen: number }>
  pass(ms: number): Promise<void>
  endDay(): Promise<void>
}

const Standing = Compile(Type.Object({ wallet: Type.String(), now: Type.String() }))
const Paid = Compile(Type.Object({ outcome: Type.String() }))
const Books = Compile(Type.Object({ takenFen: Type.Integer(), returnedFen: Type.Integer() }))

const ANSWER_WITHIN_MS = 30_000

/** Null when the sandbox has no such controls: then only a person can pay there, and nobody can end its day. */
export async function findHands(
  url: string,
  clock: Clock,
  outgoing?: Dispatcher,
): Promise<SandboxHands | null> {
  let aheadMs = 0
  const settle = (standing: unknown): boolean => {
    if (!Standing.Check(standing)) return false
    aheadMs = Date.parse(standing.now) - clock.now().getTime()
    return Number.isFinite(aheadMs)
  }
  if (!settle(await ask('GET', '/sandbox').catch(() => null))) return null
  return {
    clock: { now: () => new Date(clock.now().getTime() + aheadMs) },
    async pay(orderNo) {
      const answer = await ask('POST', '/sandbox/pay', { orderNo })
      const outcome = Paid.Check(answer) ? answer.outcome : 'nothing that can be read'
      if (outcome !== 'paid') throw new Error(`the sandbox's payer says ${outcome}`)
    },
    async books(orderNo) {
      const answer = await ask('GET', `/sandbox/books/${encodeURIComponent(orderNo)}`)
      if (!Books.Check(answer)) throw new Error("the sandbox's books cannot be read")
      return answer
    },
    pass: (ms) => move('/sandbox/pass', { ms }),
    endDay: () => move('/sandbox/end-day', {}),
  }

  async function move(path: string, body: object): Promise<void> {
    if (!settle(await ask('POST', path, body))) throw new Error(`${path} was not done`)
  }

  async function ask(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const answer = await request(url + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      ...(outgoing === undefined ? {} : { dispatcher: outgoing }),
    })
    const text = await answer.body.text()
    try {
      return JSON.parse(text) as unknown
    } catch {
      return null
    }
  }
}
