import { isIP, type LookupFunction } from 'node:net'

import { Agent, request } from 'undici'

import type { DeliveryOutcome } from './delivery.ts'
import { addressesOf, hostOf, type Resolve } from './egress.ts'

/** What a receiver said, as far as it said anything. */
export type Reception = {
  outcome: DeliveryOutcome
  status: number | null
  /** The first two thousand bytes, as text. */
  body: string | null
  error: string | null
}

export type Transport = {
  post(url: string, headers: Record<string, string>, body: string): Promise<Reception>
  close(): Promise<void>
}

const CONNECT_TIMEOUT_MS = 3_000
const KEPT_BYTES = 2_048
const MOST_ERROR_CHARACTERS = 500

/**
 * Posts to receivers, whoever they are: to public addresses only, which are looked at as the connection is made, so
 * that a name cannot lead elsewhere in between; without following a redirect; and not for longer than the timeout.
 */
export function createTransport(options: TransportOptions): Transport {
  const { timeoutMs } = options
  const connections = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(options) },
  })
  return { post, close: () => connections.close() }

  async function post(
    url: string,
    headers: Record<string, string>,
    body: string,
  ): Promise<Reception> {
    try {
      // An address in place of a name is not looked up, so it is judged here.
      const target = new URL(url)
      if (isIP(hostOf(target)) && !(await addressesOf(target, options))) {
        throw new BlockedAddress(target.hostname)
      }
      const response = await request(target, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'yiqiao-webhooks/1',
          ...headers,
        },
        body,
        dispatcher: connections,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        // The two above are about pauses: a receiver that sends a byte now and then would never end.
        signal: AbortSignal.timeout(timeoutMs),
      })
      const status = response.statusCode
      return {
        outcome: outcomeOf(status),
        status,
        body: await firstOf(response.body),
        error: null,
      }
    } catch (error) {
      const outcome = outcomeOfError(error)
      const words = wordsOf(error).slice(0, MOST_ERROR_CHARACTERS)
      return { outcome, status: null, body: null, error: words }
    }
  }
}

function outcomeOf(status: number): DeliveryOutcome {
  if (status >= 200 && status < 300) return 'delivered'
  return status >= 300 && status < 400 ? 'redirected' : 'refused'
}

/** The status is the answer; of the rest, what comes in time is kept for people to read. */
async function firstOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      size += chunk.length
      if (size >= KEPT_BYTES) break // leaving the loop ends the connection
    }
  } catch {
    // What broke or stalled after the status changes nothing.
  }
  const text = Buffer.concat(chunks).subarray(0, KEPT_BYTES).toString('utf8')
  return text.replaceAll('\0', '').slice(0, KEPT_BYTES)
}

class BlockedAddress extends Error {
  readonly code = 'ADDRESS_BLOCKED'
  constructor(host: string) {
    super(`${host} leads to an address that is not called`)
  }
}

function guardedLookup(options: TransportOptions): LookupFunction {
  return (host, { all }, done) => {
    addressesOf(new URL(`https://${host}/`), options).then(
      (addresses) => {
        const [first] = addresses ?? []
        if (!addresses || first === undefined) {
          done(new BlockedAddress(host), '')
        } else if (all) {
          done(
            null,
            addresses.map((address) => ({ address, family: familyOf(address) })),
          )
        } else {
          done(null, first, familyOf(first))
        }
      },
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), ''),
    )
  }
}

const familyOf = (address: string) => (address.includes(':') ? 6 : 4)

const TIMEOUTS = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
])

function outcomeOfError(error: unknown): DeliveryOutcome {
  if (error instanceof BlockedAddress) return 'blocked'
  const isTimeout = error instanceof Error && error.name === 'TimeoutError'
  return isTimeout || TIMEOUTS.has(codeOf(error)) ? 'timeout' : 'unreachable'
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const wordsOf = (error: unknown): string =>
  error instanceof Error ? [codeOf(error), error.message].filter(Boolean).join(': ') : String(error)

export type TransportOptions = { resolve: Resolve; allowLoopback: boolean; timeoutMs: number }
