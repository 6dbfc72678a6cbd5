import { createHmac } from 'node:crypto'
import { createGunzip } from 'node:zlib'

import { Agent, type Dispatcher, request } from 'undici'

import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import type {
  FetchedList,
  Secrets,
  StatementFetcher,
  WantedList,
} from '../../../modules/statements/index.ts'
import { fill, type HttpsPlan, problemOfPlan, readPlan, type Values } from './plan.ts'

const CONNECT_TIMEOUT_MS = 3_000
/** The longest pause; a list may be made only when it is asked for. */
const PAUSE_MS = 60_000
const DEADLINE_MS = 600_000
/** There is nothing, it was never there, or it is too early. */
const NOT_YET = [204, 404, 425]
const NONCE_BYTES = 16

export type HttpsFetcherOptions = {
  clock: Clock
  random: Random
  /** Why an origin may not be called; null when it may. */
  refusalOf?: (origin: string) => string | null
  /** What connections are made through, where addresses are to be judged. */
  outgoing?: Dispatcher
}

const connections = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } })

/**
 * Fetches lists over HTTPS by a plan that is data: an address for each day, headers, basic authentication, a signature. Follows
 * no redirection, as what it proves itself with is for one host alone.
 */
export function createHttpsFetcher(options: HttpsFetcherOptions): StatementFetcher {
  return {
    problemOf(plan, secretNames) {
      const problem = problemOfPlan(plan, secretNames)
      if (problem !== null || !options.refusalOf) return problem
      const { origin } = new URL(fill(readPlan(plan).url, {}))
      const refusal = options.refusalOf(origin)
      return refusal === null ? null : `url: ${refusal}`
    },
    fetch: (plan, secrets, wanted) => fetchList(options, readPlan(plan), secrets, wanted),
  }
}

async function fetchList(
  options: HttpsFetcherOptions,
  plan: HttpsPlan,
  secrets: Secrets,
  wanted: WantedList,
): Promise<FetchedList> {
  const url = new URL(fill(plan.url, inAddress(valuesOf(wanted))))
  const response = await request(url, {
    method: 'GET',
    headers: headersOf(options, plan, secrets, { wanted, url }),
    dispatcher: options.outgoing ?? connections,
    headersTimeout: PAUSE_MS,
    bodyTimeout: PAUSE_MS,
    // The two above are about pauses: a host that sends a byte now and then would never end.
    signal: AbortSignal.timeout(DEADLINE_MS),
  })
  const { statusCode, body, headers } = response
  if (statusCode !== 200) {
    await body.dump()
    const reason = `HTTP ${statusCode}`
    if ((plan.notYet ?? NOT_YET).includes(statusCode)) return { outcome: 'not_yet', reason }
    throw new Error(`${url.host} answered ${reason}`)
  }
  // Whoever stops reading ends the connection, which then tells so to nobody.
  body.on('error', () => undefined)
  const bytes = await notEmpty(unpacked(body, headers['content-encoding']))
  if (!bytes) return { outcome: 'not_yet', reason: 'it is empty' }
  return { outcome: 'file', name: nameOf(plan, wanted, url), bytes }
}

const valuesOf = ({ businessDate, account }: WantedList): Values => ({
  date: businessDate,
  yyyymmdd: businessDate.replaceAll('-', ''),
  yyyymm: businessDate.slice(0, 7).replaceAll('-', ''),
  account: account ?? '',
})

const inAddress = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([k, value]) => [k, encodeURIComponent(value)]))

function headersOf(
  { clock, random }: HttpsFetcherOptions,
  { headers = {}, basic, signature }: HttpsPlan,
  secrets: Secrets,
  { wanted, url }: { wanted: WantedList; url: URL },
): Record<string, string> {
  const call = {
    ...valuesOf(wanted),
    timestamp: String(Math.trunc(clock.now().getTime() / 1_000)),
    nonce: Buffer.from(random.bytes(NONCE_BYTES)).toString('hex'),
  }
  const named = Object.entries(secrets).map(([name, value]) => [`secret.${name}`, value] as const)
  const values = { ...call, ...Object.fromEntries(named) }
  const made = Object.entries(headers).map(
    ([name, text]) => [name.toLowerCase(), fill(text, values)] as const,
  )
  return {
    accept: '*/*',
    'accept-encoding': 'gzip',
    'user-agent': 'yiqiao',
    ...Object.fromEntries(made),
    ...(basic
      ? { authorization: basicOf(fill(basic.user, values), fill(basic.password, values)) }
      : {}),
    ...(signature ? signed(signature, secrets, { call, values, url }) : {}),
  }
}

const basicOf = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

function signed(
  { algorithm, key, text, encoding, header, value = '{signature}' }: Signature,
  secrets: Secrets,
  { call, values, url }: { call: Values; values: Values; url: URL },
): Record<string, string> {
  const about = { ...call, method: 'GET', host: url.host, path: `${url.pathname}${url.search}` }
  const code = createHmac(algorithm.slice('hmac-'.length), secrets[key] ?? '')
    .update(fill(text, about).replaceAll('\\n', '\n'))
    .digest(encoding)
  return { [header.toLowerCase()]: fill(value, { ...values, signature: code }) }
}

type Signature = NonNullable<HttpsPlan['signature']>

/** Errors: throws for a coding that is none of ours; what comes in gzip and is cut off breaks while it is read. */
function unpacked(
  body: Dispatcher.ResponseData['body'],
  coding: string | string[] | undefined,
): AsyncIterable<Uint8Array> {
  if (coding === undefined || coding === 'identity') return body
  if (coding !== 'gzip' && coding !== 'x-gzip') {
    body.destroy()
    throw new Error(`it came in the coding ${String(coding)}`)
  }
  const gunzip = createGunzip()
  body.on('error', (error) => gunzip.destroy(error))
  return body.pipe(gunzip)
}

/** Null when there is no byte: some hosts make the file before they fill it. */
async function notEmpty(
  bytes: AsyncIterable<Uint8Array>,
): Promise<AsyncIterable<Uint8Array> | null> {
  const rest = bytes[Symbol.asyncIterator]()
  let first = await rest.next()
  while (first.done !== true && first.value.length === 0) first = await rest.next()
  if (first.done === true) return null
  const head = first.value
  return (async function* () {
    try {
      yield head
      for (let next = await rest.next(); next.done !== true; next = await rest.next())
        yield next.value
    } finally {
      // Whoever stops reading ends the connection.
      await rest.return?.()
    }
  })()
}

function nameOf({ fileName }: HttpsPlan, wanted: WantedList, url: URL): string {
  if (fileName !== undefined) return fill(fileName, valuesOf(wanted))
  return url.pathname.split('/').findLast((part) => part !== '') ?? wanted.source
}
