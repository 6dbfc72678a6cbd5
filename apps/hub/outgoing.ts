import { isIP, type LookupFunction } from 'node:net'

import { Agent, type Dispatcher } from 'undici'

import {
  addressesOf,
  judgeUrl,
  resolveByDns,
  type UrlRefusal,
} from '../../modules/partners/index.ts'

/** What staff may have the hub call: https to the open internet, and in a demo also its own machine. */
export type Outgoing = {
  /** Null when the origin may be called; else why not. Scheme and host, nothing else. */
  refusalOf(origin: string): OriginRefusal | null
  /** Looks at every address once more as the connection is made, as a name may lead elsewhere by then. */
  dispatcher: Dispatcher
  close(): Promise<void>
}

export type OriginRefusal = UrlRefusal | 'has_path'

const CONNECT_TIMEOUT_MS = 3_000
const ANSWER_WITHIN_MS = 30_000
/** A statement may be as large; whoever sends more is cut off. */
const MOST_ANSWER_BYTES = 67_108_864

export function createOutgoing({ allowLoopback }: { allowLoopback: boolean }): Outgoing {
  const rules = { allowLoopback, resolve: resolveByDns }
  const connections = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(rules) },
    headersTimeout: ANSWER_WITHIN_MS,
    bodyTimeout: ANSWER_WITHIN_MS,
    maxResponseSize: MOST_ANSWER_BYTES,
  })
  return { refusalOf, dispatcher: connections.compose(judged), close: () => connections.destroy() }

  function refusalOf(origin: string): OriginRefusal | null {
    const found = judgeUrl(origin, rules)
    if ('refusal' in found) return found.refusal
    return found.url.origin === origin ? null : 'has_path'
  }

  /** An address in place of a name is not looked up, so it is judged here. */
  function judged(dispatch: Dispatcher['dispatch']): Dispatcher['dispatch'] {
    return (options, handler) => {
      const origin = String(options.origin)
      if (!URL.canParse(origin)) throw new BlockedAddress(origin)
      const { url, refusal } = { refusal: null, url: null, ...judgeUrl(origin, rules) }
      if (url === null || refusal !== null) throw new BlockedAddress(origin)
      return dispatch(options, handler)
    }
  }
}

class BlockedAddress extends Error {
  readonly code = 'ADDRESS_BLOCKED'
  constructor(host: string) {
    super(`${host} leads to an address that is not called`)
  }
}

type Rules = Parameters<typeof addressesOf>[1]

function guardedLookup(rules: Rules): LookupFunction {
  return (host, { all }, done) => {
    addressesOf(new URL(`https://${isIP(host) === 6 ? `[${host}]` : host}/`), rules).then(
      (addresses) => {
        const [first] = addresses ?? []
        if (!addresses || first === undefined) return done(new BlockedAddress(host), '')
        if (!all) return done(null, first, familyOf(first))
        return done(
          null,
          addresses.map((address) => ({ address, family: familyOf(address) })),
        )
      },
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), ''),
    )
  }
}

const familyOf = (address: string) => (address.includes(':') ? 6 : 4)
