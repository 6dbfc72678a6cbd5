import { setTimeout as sleep } from 'node:timers/promises'

import type { Clock } from '../../../kernel/time.ts'
import { webhookHeaders } from '../../../modules/partners/index.ts'
import { type ApiEvent, type PartnerApi, Refused } from './partner-api.ts'

const WAIT_S = 20
const RETRY_MS = 2_000
const FORWARD_TIMEOUT_MS = 10_000

export type ListenOptions = {
  api: Pick<PartnerApi, 'feed'>
  clock: Clock
  /** Where to send each event, signed as the platform signs; null to print alone. */
  forwardTo: string | null
  secret: string
  /** The number after which to begin; null for what is new from now on. */
  after: number | null
  types: readonly string[]
  /** Ends the listening. */
  signal: AbortSignal
  print: (line: string) => void
  complain: (line: string) => void
}

/**
 * Follows a hospital's events and hands each to a receiver on this machine, in order, until it is told to stop. An
 * event that the receiver refuses is printed as such and not sent again: "events resend" does that.
 */
export async function listen(options: ListenOptions): Promise<void> {
  const { api, signal, complain } = options
  let after = options.after
  while (!signal.aborted) {
    try {
      after ??= (await api.feed({ limit: 1 }, signal)).newest
      const { items } = await api.feed({ after, waitSeconds: WAIT_S, limit: 50 }, signal)
      for (const event of items) {
        if (isWanted(options, event)) options.print(await lineFor(options, event))
        after = event.sequence
      }
    } catch (error) {
      if (signal.aborted) return
      // Wrong credentials do not get better by waiting.
      if (error instanceof Refused) throw error
      complain(`the hub does not answer: ${error instanceof Error ? error.message : String(error)}`)
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined)
    }
  }
}

const isWanted = ({ types }: ListenOptions, { type }: ApiEvent) =>
  types.length === 0 || types.includes(type)

async function lineFor(options: ListenOptions, event: ApiEvent): Promise<string> {
  const told = options.forwardTo === null ? '' : ` → ${await forward(options, event)}`
  return `${event.occurredAt}  #${event.sequence}  ${event.type}  ${event.id}${told}`
}

/** The status that the receiver answered, or what kept it from answering. */
async function forward({ forwardTo, secret, clock }: ListenOptions, event: ApiEvent) {
  const body = JSON.stringify(event)
  const headers = webhookHeaders({ id: event.id, sentAt: clock.now(), body }, [secret], null)
  try {
    const response = await fetch(forwardTo ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(FORWARD_TIMEOUT_MS),
    })
    await response.arrayBuffer()
    return String(response.status)
  } catch (error) {
    return error instanceof Error ? `failed: ${error.message}` : 'failed'
  }
}
